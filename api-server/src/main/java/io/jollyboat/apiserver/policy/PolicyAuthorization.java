package io.jollyboat.apiserver.policy;

import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.cel.AuthorizationCheck;
import java.util.List;

/** The server's authorizer as expressions ask it, for the user of the request or a service account. */
record PolicyAuthorization(Authorizer server, UserInfo user) implements AuthorizationCheck {
    @Override
    public Answer check(Question question) {
        Authorizer.Decision decision = server.authorize(new RequestAttributes(
                user,
                question.verb(),
                question.resourceRequest(),
                question.group(),
                question.resourceRequest() ? "*" : "",
                question.resource(),
                question.subresource(),
                question.namespace(),
                question.name(),
                question.path(),
                question.labelSelector(),
                question.fieldSelector()));
        return new Answer(decision.verdict() == Authorizer.Verdict.ALLOW, decision.reason(), null);
    }

    @Override
    public AuthorizationCheck serviceAccount(String namespace, String name) {
        UserInfo account = new UserInfo(
                "system:serviceaccount:" + namespace + ":" + name,
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"));
        return new PolicyAuthorization(server, account);
    }
}
