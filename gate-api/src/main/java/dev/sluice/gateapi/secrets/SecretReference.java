package dev.sluice.gateapi.secrets;

/**
 * Where a secret is, never what it is.
 *
 * @param isFile whether it is in a file; otherwise it is in an environment variable
 * @param name the file's path or the variable's name
 */
public record SecretReference(boolean isFile, String name) {}
