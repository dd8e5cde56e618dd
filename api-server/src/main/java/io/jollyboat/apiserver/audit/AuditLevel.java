package io.jollyboat.apiserver.audit;

/** How much is written of a request; each has what those before it have. */
enum AuditLevel {
    NONE("None"),
    METADATA("Metadata"),
    REQUEST("Request"),
    REQUEST_RESPONSE("RequestResponse");

    private final String text;

    AuditLevel(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    boolean has(AuditLevel other) {
        return compareTo(other) >= 0;
    }

    static AuditLevel of(String text) {
        for (AuditLevel level : values()) {
            if (level.text.equals(text)) {
                return level;
            }
        }
        throw new IllegalArgumentException("level: Unsupported value: \"" + text
                + "\": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\"");
    }
}
