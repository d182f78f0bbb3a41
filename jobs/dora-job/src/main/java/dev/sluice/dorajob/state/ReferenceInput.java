package dev.sluice.dorajob.state;

import dev.sluice.delivery.ReferenceRequest;
import dev.sluice.wire.Keys;
import org.jspecify.annotations.Nullable;

/**
 * What stage references reads: a {@link ReferenceRequest}, flat.
 *
 * @param key tenant and reference
 * @param tenant whose data
 * @param reference the reference
 * @param named who is to be found by it, or null
 * @param asking who asks for it, or null
 * @param withdrawn whether that is over
 */
public record ReferenceInput(
        String key,
        String tenant,
        String reference,
        @Nullable NamedState named,
        @Nullable AskingState asking,
        boolean withdrawn) {

    /** Returns the flat form. */
    public static ReferenceInput of(String tenant, ReferenceRequest request) {
        return new ReferenceInput(
                Keys.of(tenant, request.reference()),
                tenant,
                request.reference(),
                request.named() == null ? null : NamedState.of(request.named()),
                request.asking() == null ? null : AskingState.of(request.asking()),
                request.withdrawn());
    }

    /** Returns the domain's form. */
    public ReferenceRequest toDomain() {
        return new ReferenceRequest(
                reference,
                named == null ? null : named.toDomain(),
                asking == null ? null : asking.toDomain(),
                withdrawn);
    }
}
