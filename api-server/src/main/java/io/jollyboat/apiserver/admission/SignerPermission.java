package io.jollyboat.apiserver.admission;

import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;

/** Whether a user may approve or sign for a signer: by its name, or for all of its domain ({@code example.com/*}). */
public final class SignerPermission {
    private final Authorizer authorizer;

    public SignerPermission(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    boolean allows(UserInfo user, String verb, String signer) {
        int slash = signer.indexOf('/');
        String domain = slash < 0 ? signer : signer.substring(0, slash);
        return may(user, verb, signer) || may(user, verb, domain + "/*");
    }

    private boolean may(UserInfo user, String verb, String name) {
        RequestAttributes attributes = new RequestAttributes(
                user, verb, true, "certificates.k8s.io", "*", "signers", "", "", name, "", "", "");
        return authorizer.authorize(attributes).verdict() == Verdict.ALLOW;
    }
}
