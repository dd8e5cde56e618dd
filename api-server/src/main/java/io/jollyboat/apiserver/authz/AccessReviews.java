package io.jollyboat.apiserver.authz;

import io.jollyboat.api.authorization.v1.LocalSubjectAccessReview;
import io.jollyboat.api.authorization.v1.NonResourceAttributes;
import io.jollyboat.api.authorization.v1.NonResourceRule;
import io.jollyboat.api.authorization.v1.ResourceAttributes;
import io.jollyboat.api.authorization.v1.ResourceRule;
import io.jollyboat.api.authorization.v1.SelfSubjectAccessReview;
import io.jollyboat.api.authorization.v1.SelfSubjectRulesReview;
import io.jollyboat.api.authorization.v1.SubjectAccessReview;
import io.jollyboat.api.authorization.v1.SubjectAccessReviewSpec;
import io.jollyboat.api.authorization.v1.SubjectAccessReviewStatus;
import io.jollyboat.api.authorization.v1.SubjectRulesReviewStatus;
import io.jollyboat.apiserver.auth.Authorizer;
import io.jollyboat.apiserver.auth.Authorizer.Decision;
import io.jollyboat.apiserver.auth.Authorizer.Verdict;
import io.jollyboat.apiserver.auth.RequestAttributes;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import io.jollyboat.errors.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers those who ask what they, or others, may do. */
public final class AccessReviews {
    private static final String GROUP = "authorization.k8s.io";

    private final Authorizer authorizer;
    private final Authorizers.RuleSource rules;

    AccessReviews(Authorizer authorizer, Authorizers.RuleSource rules) {
        this.authorizer = authorizer;
        this.rules = rules;
    }

    public SelfSubjectAccessReview self(UserInfo user, SelfSubjectAccessReview review) {
        var spec = review.getSpec();
        ReviewValidation validation = new ReviewValidation();
        validation.attributes(
                spec.hasResourceAttributes(), spec.getResourceAttributes(),
                spec.hasNonResourceAttributes(), spec.getNonResourceAttributes());
        validation.emptyMetadata(review.getMetadata(), "must be empty");
        refuse(validation);
        return review.toBuilder()
                .setStatus(answer(
                        user,
                        spec.hasResourceAttributes(),
                        spec.getResourceAttributes(),
                        spec.getNonResourceAttributes()))
                .build();
    }

    public SubjectAccessReview subject(SubjectAccessReview review) {
        ReviewValidation validation = new ReviewValidation();
        validation.spec(review.getSpec());
        validation.emptyMetadata(review.getMetadata(), "must be empty");
        refuse(validation);
        return review.toBuilder().setStatus(answer(review.getSpec())).build();
    }

    public LocalSubjectAccessReview local(String namespace, LocalSubjectAccessReview review) {
        ReviewValidation validation = new ReviewValidation();
        validation.spec(review.getSpec());
        validation.emptyMetadata(
                review.getMetadata().toBuilder().clearNamespace().build(), "must be empty except for namespace");
        var spec = review.getSpec();
        if (spec.hasResourceAttributes()
                && !spec.getResourceAttributes().getNamespace().equals(namespace)) {
            validation.add(FieldError.invalid(
                    "spec.resourceAttributes.namespace",
                    spec.getResourceAttributes().getNamespace(),
                    "must match metadata.namespace"));
        }
        if (spec.hasNonResourceAttributes()) {
            validation.add(FieldError.invalid(
                    "spec.nonResourceAttributes",
                    ReviewValidation.text(spec.getNonResourceAttributes()),
                    "disallowed on this kind of request"));
        }
        refuse(validation);
        String given = review.getMetadata().getNamespace();
        if (!given.isEmpty() && !given.equals(namespace)) {
            throw ApiException.badRequest("spec.resourceAttributes.namespace must match namespace: " + namespace);
        }
        return review.toBuilder().setStatus(answer(spec)).build();
    }

    /** The rules of the user in a namespace; some authorizers cannot tell theirs. */
    public SelfSubjectRulesReview rules(UserInfo user, SelfSubjectRulesReview review) {
        String namespace = review.getSpec().getNamespace();
        if (namespace.isEmpty()) {
            throw ApiException.badRequest("no namespace on request");
        }
        List<String> errors = new ArrayList<>();
        SubjectRulesReviewStatus.Builder status = SubjectRulesReviewStatus.newBuilder();
        List<Rule> found = new ArrayList<>();
        if (!rules.addTo(user, namespace, found, errors)) {
            status.setIncomplete(true);
        }
        for (Rule rule : found) {
            if (!rule.resources().isEmpty()) {
                status.addResourceRules(ResourceRule.newBuilder()
                        .addAllVerbs(rule.verbs())
                        .addAllApiGroups(rule.apiGroups())
                        .addAllResources(rule.resources())
                        .addAllResourceNames(rule.resourceNames()));
            }
            if (!rule.nonResourceUrls().isEmpty()) {
                status.addNonResourceRules(NonResourceRule.newBuilder()
                        .addAllVerbs(rule.verbs())
                        .addAllNonResourceURLs(rule.nonResourceUrls()));
            }
        }
        if (!errors.isEmpty()) {
            status.setEvaluationError(GoText.aggregate(errors));
        }
        return SelfSubjectRulesReview.newBuilder()
                .setMetadata(review.getMetadata().getDefaultInstanceForType())
                .setSpec(review.getSpec().getDefaultInstanceForType())
                .setStatus(status)
                .build();
    }

    // Upstream forgets the kind in this error, and clients see it so.
    private static void refuse(ReviewValidation validation) {
        if (!validation.errors().isEmpty()) {
            throw ApiException.invalid(GROUP, "", "", validation.errors());
        }
    }

    private SubjectAccessReviewStatus answer(SubjectAccessReviewSpec spec) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        spec.getExtraMap().forEach((key, values) -> extra.put(key, List.copyOf(values.getItemsList())));
        UserInfo user = new UserInfo(spec.getUser(), spec.getUid(), List.copyOf(spec.getGroupsList()), extra);
        return answer(
                user, spec.hasResourceAttributes(), spec.getResourceAttributes(), spec.getNonResourceAttributes());
    }

    private SubjectAccessReviewStatus answer(
            UserInfo user, boolean forResource, ResourceAttributes resource, NonResourceAttributes path) {
        SubjectAccessReviewStatus.Builder status = SubjectAccessReviewStatus.newBuilder();
        List<String> errors = new ArrayList<>();
        Decision decision =
                authorizer.authorize(forResource ? attributes(user, resource, errors) : attributes(user, path));
        if (!decision.error().isEmpty()) {
            errors.addFirst(decision.error());
        }
        if (!errors.isEmpty()) {
            status.setEvaluationError(String.join("; ", errors));
        }
        status.setAllowed(decision.verdict() == Verdict.ALLOW);
        if (decision.verdict() == Verdict.DENY) {
            status.setDenied(true);
        }
        if (!decision.reason().isEmpty()) {
            status.setReason(decision.reason());
        }
        return status.build();
    }

    private static RequestAttributes attributes(UserInfo user, NonResourceAttributes path) {
        return new RequestAttributes(user, path.getVerb(), false, "", "", "", "", "", "", path.getPath(), "", "");
    }

    private static RequestAttributes attributes(UserInfo user, ResourceAttributes resource, List<String> errors) {
        SelectorText fields = SelectorText.of(resource.getFieldSelector());
        SelectorText labels = SelectorText.of(resource.getLabelSelector());
        left(fields, "fieldSelector", errors);
        left(labels, "labelSelector", errors);
        return new RequestAttributes(
                user,
                resource.getVerb(),
                true,
                resource.getGroup(),
                resource.getVersion().isEmpty() ? "*" : resource.getVersion(),
                resource.getResource(),
                resource.getSubresource(),
                resource.getNamespace(),
                resource.getName(),
                "",
                labels.text(),
                fields.text());
    }

    private static void left(SelectorText selector, String name, List<String> errors) {
        if (selector.partial()) {
            errors.add("spec.resourceAttributes." + name + (selector.text().isEmpty() ? "" : " partially")
                    + " ignored due to parse error");
        }
    }
}
