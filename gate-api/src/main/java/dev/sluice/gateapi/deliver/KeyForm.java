package dev.sluice.gateapi.deliver;

/** What a secret must be. */
interface KeyForm {
    /** Returns whether a secret can be what the protocol needs one for. */
    boolean isKey(byte[] secret);

    /** Returns what a secret must be, for messages. */
    String keyExpected();
}
