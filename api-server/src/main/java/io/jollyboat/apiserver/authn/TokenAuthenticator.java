package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.auth.UserInfo;
import java.util.List;

/** Judges bearer tokens, for requests and for TokenReview. */
public interface TokenAuthenticator {
    /** @param audiences one of which the token must be for */
    Result authenticate(String token, List<String> audiences);

    /** What a token came to. */
    sealed interface Result {
        /** @param audiences those asked for that the token is for */
        record Holds(UserInfo user, List<String> audiences) implements Result {}

        /** @param reason upstream's words, empty when the token is of no known kind */
        record Refused(String reason) implements Result {}
    }
}
