package io.jollyboat.apiserver.authn;

import java.util.ArrayList;
import java.util.List;

/** Several kinds of tokens, tried in order: the first that knows and trusts a token says whose it is. */
final class TokenAuthenticators implements TokenAuthenticator {
    private final List<TokenAuthenticator> kinds;

    TokenAuthenticators(List<TokenAuthenticator> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public Result authenticate(String token, List<String> audiences) {
        List<String> reasons = new ArrayList<>();
        for (TokenAuthenticator kind : kinds) {
            switch (kind.authenticate(token, audiences)) {
                case Result.Holds holds -> {
                    return holds;
                }
                case Result.Refused refused -> {
                    if (!refused.reason().isEmpty()) {
                        reasons.add(refused.reason());
                    }
                }
            }
        }
        return new Result.Refused(String.join(", ", reasons));
    }
}
