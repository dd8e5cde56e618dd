package io.jollyboat.apiserver.request;

/** Custom resources of all kinds. */
final class CustomStrategy implements KindStrategy {
    static final KindStrategy INSTANCE = new CustomStrategy();

    private CustomStrategy() {}

    @Override
    public boolean countsGeneration() {
        return true;
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    public StatusMetadata statusMetadata() {
        return StatusMetadata.STAYS;
    }
}
