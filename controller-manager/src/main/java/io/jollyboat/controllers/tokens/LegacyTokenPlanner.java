package io.jollyboat.controllers.tokens;

import io.jollyboat.api.core.v1.ObjectReference;
import io.jollyboat.api.core.v1.Secret;
import io.jollyboat.api.core.v1.ServiceAccount;
import io.jollyboat.api.meta.v1.ObjectMeta;
import io.jollyboat.log.Log;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which tokens in Secrets end that were made for their accounts, not by anybody's wish, and that nobody uses: first they
 * are marked, which makes them invalid; when they were still not missed for as long again, they go. Days are those of
 * UTC, written so that their texts compare as they do.
 */
final class LegacyTokenPlanner {
    private static final Log LOG = Log.of(LegacyTokenPlanner.class);
    static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    /** What is to be done with a Secret. */
    sealed interface Action {
        /** @param since the day from which the token does not hold */
        record Mark(Secret secret, LocalDate since) implements Action {}

        record Delete(Secret secret) implements Action {}
    }

    private final Duration period;
    private final Function<Secret, Optional<ServiceAccount>> accounts;
    private final Function<String, Set<String>> mounted;

    /**
     * @param period without use
     * @param accounts whose the tokens are
     * @param mounted the Secrets that pods of a namespace use
     */
    LegacyTokenPlanner(
            Duration period,
            Function<Secret, Optional<ServiceAccount>> accounts,
            Function<String, Set<String>> mounted) {
        this.period = period;
        this.accounts = accounts;
        this.mounted = mounted;
    }

    /** @param tracked the first day on which all use was noted from its begin to its end */
    List<Action> plan(Collection<Secret> secrets, LocalDate tracked, Instant now) {
        if (now.isBefore(tracked.atStartOfDay().toInstant(ZoneOffset.UTC).plus(period))) {
            return List.of();
        }
        return secrets.stream()
                .map(secret -> action(secret, now))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Action> action(Secret secret, Instant now) {
        Instant oldest = now.minus(period);
        String oldestDay = day(oldest).toString();
        ObjectMeta meta = secret.getMetadata();
        boolean kept = !secret.getType().equals(AccountTokenController.TYPE)
                || !Instant.ofEpochSecond(meta.getCreationTimestamp().getSeconds())
                        .isBefore(oldest)
                || meta.hasDeletionTimestamp()
                || isUsedSince(meta, oldestDay)
                || !wasMadeForAccount(secret)
                || mounted.apply(meta.getNamespace()).contains(meta.getName());
        if (kept) {
            return Optional.empty();
        }
        String invalid = meta.getLabelsOrDefault(INVALID_SINCE, "");
        if (!isDay(invalid)) {
            return Optional.of(new Action.Mark(secret, day(now)));
        }
        return invalid.compareTo(oldestDay) >= 0 ? Optional.empty() : Optional.of(new Action.Delete(secret));
    }

    /** Without a label it was not used since there are labels; one that cannot be read may say anything. */
    private static boolean isUsedSince(ObjectMeta meta, String oldestDay) {
        if (!meta.containsLabels(LAST_USED)) {
            return false;
        }
        String last = meta.getLabelsOrThrow(LAST_USED);
        if (!isDay(last)) {
            LOG.warn(
                    "a token is kept, as its last use cannot be read",
                    "secret",
                    meta.getNamespace() + "/" + meta.getName(),
                    "label",
                    last);
            return true;
        }
        return last.compareTo(oldestDay) >= 0;
    }

    private boolean wasMadeForAccount(Secret secret) {
        return accounts.apply(secret).stream()
                .flatMap(account -> account.getSecretsList().stream())
                .map(ObjectReference::getName)
                .anyMatch(secret.getMetadata().getName()::equals);
    }

    /** The day of a label, or of the ConfigMap; upstream's form has four, two and two digits. */
    static boolean isDay(String text) {
        try {
            return LocalDate.parse(text).toString().equals(text);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }
}
