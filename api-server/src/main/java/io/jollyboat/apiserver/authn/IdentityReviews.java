package io.jollyboat.apiserver.authn;

import io.jollyboat.api.authentication.v1.ExtraValue;
import io.jollyboat.api.authentication.v1.SelfSubjectReview;
import io.jollyboat.api.authentication.v1.SelfSubjectReviewStatus;
import io.jollyboat.api.authentication.v1.TokenReview;
import io.jollyboat.api.authentication.v1.TokenReviewStatus;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.api.meta.v1.Time;
import io.jollyboat.apiserver.auth.Groups;
import io.jollyboat.apiserver.auth.UserInfo;
import io.jollyboat.errors.ApiException;
import io.jollyboat.runtime.Runtime;
import java.util.List;

/** Answers those who ask who they are, or whose a token is. */
public final class IdentityReviews {
    private static final String INVALID = "invalid bearer token";

    private final TokenAuthenticator tokens;
    private final List<String> ownAudiences;
    private final Runtime runtime;

    /** @param ownAudiences what a token must be for when the review does not say */
    public IdentityReviews(TokenAuthenticator tokens, List<String> ownAudiences, Runtime runtime) {
        this.tokens = tokens;
        this.ownAudiences = List.copyOf(ownAudiences);
        this.runtime = runtime;
    }

    public SelfSubjectReview self(UserInfo user) {
        return SelfSubjectReview.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setCreationTimestamp(
                                Time.newBuilder().setSeconds(runtime.now().getEpochSecond())))
                .setStatus(SelfSubjectReviewStatus.newBuilder().setUserInfo(userInfo(user)))
                .build();
    }

    /** @param notes for the client and the audit log, of the token that is asked about */
    public TokenReview token(TokenReview review, Notes notes) {
        String token = review.getSpec().getToken();
        if (token.isEmpty()) {
            throw ApiException.badRequest("token is required for TokenReview in authentication");
        }
        List<String> audiences = review.getSpec().getAudiencesCount() == 0
                ? ownAudiences
                : review.getSpec().getAudiencesList();
        TokenReviewStatus status = switch (tokens.authenticate(token, audiences)) {
            case TokenAuthenticator.Result.Holds holds -> {
                holds.warnings().forEach(notes::warn);
                holds.notes().forEach(notes::audit);
                yield TokenReviewStatus.newBuilder()
                        .setAuthenticated(true)
                        .setUser(userInfo(withAuthenticated(holds.user())))
                        .addAllAudiences(holds.audiences())
                        .build();
            }
            case TokenAuthenticator.Result.Refused refused ->
                TokenReviewStatus.newBuilder()
                        .setUser(io.jollyboat.api.authentication.v1.UserInfo.getDefaultInstance())
                        .setError(refused.reason().isEmpty() ? INVALID : "[" + INVALID + ", " + refused.reason() + "]")
                        .build();
        };
        return review.toBuilder().setStatus(status).build();
    }

    /** Where what is told of a token goes. */
    public interface Notes {
        Notes NONE = new Notes() {
            @Override
            public void warn(String text) {}

            @Override
            public void audit(String key, String value) {}
        };

        void warn(String text);

        void audit(String key, String value);
    }

    private static UserInfo withAuthenticated(UserInfo user) {
        return new UserInfo(
                user.name(),
                user.uid(),
                java.util.stream.Stream.concat(user.groups().stream(), java.util.stream.Stream.of(Groups.AUTHENTICATED))
                        .distinct()
                        .toList(),
                user.extra());
    }

    private static io.jollyboat.api.authentication.v1.UserInfo userInfo(UserInfo user) {
        var info = io.jollyboat.api.authentication.v1.UserInfo.newBuilder()
                .setUsername(user.name())
                .addAllGroups(user.groups());
        if (!user.uid().isEmpty()) {
            info.setUid(user.uid());
        }
        user.extra()
                .forEach((key, values) -> info.putExtra(
                        key, ExtraValue.newBuilder().addAllItems(values).build()));
        return info.build();
    }
}
