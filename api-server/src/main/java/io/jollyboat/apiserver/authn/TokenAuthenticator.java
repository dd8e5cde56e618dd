package io.jollyboat.apiserver.authn;

import io.jollyboat.apiserver.auth.UserInfo;
import java.util.List;
import java.util.Map;

/** Judges bearer tokens, for requests and for TokenReview. */
public interface TokenAuthenticator {
    /** @param audiences one of which the token must be for */
    Result authenticate(String token, List<String> audiences);

    /** What a token came to. */
    sealed interface Result {
        /**
         * @param audiences those asked for that the token is for
         * @param warnings for the client
         * @param notes for the audit log
         */
        record Holds(UserInfo user, List<String> audiences, List<String> warnings, Map<String, String> notes)
                implements Result {
            public Holds(UserInfo user, List<String> audiences) {
                this(user, audiences, List.of(), Map.of());
            }
        }

        /** @param reason upstream's words, empty when the token is of no known kind */
        record Refused(String reason) implements Result {}
    }
}
