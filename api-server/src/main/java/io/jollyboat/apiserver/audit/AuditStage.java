package io.jollyboat.apiserver.audit;

/** When an event is written. */
enum AuditStage {
    REQUEST_RECEIVED("RequestReceived"),
    RESPONSE_STARTED("ResponseStarted"),
    RESPONSE_COMPLETE("ResponseComplete"),
    PANIC("Panic");

    private final String text;

    AuditStage(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static AuditStage of(String text) {
        for (AuditStage stage : values()) {
            if (stage.text.equals(text)) {
                return stage;
            }
        }
        throw new IllegalArgumentException("omitStages: Invalid value: \"" + text
                + "\": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic");
    }
}
