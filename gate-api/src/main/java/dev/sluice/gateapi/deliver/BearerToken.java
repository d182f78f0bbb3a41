package dev.sluice.gateapi.deliver;

/** The form of a token that is sent as {@code Authorization: Bearer}. */
final class BearerToken implements KeyForm {
    @Override
    public boolean isKey(byte[] secret) {
        return Token.isRight(secret);
    }

    @Override
    public String keyExpected() {
        return Token.EXPECTED;
    }
}
