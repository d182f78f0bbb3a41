package dev.sluice.gateapi;

import dev.sluice.gateapi.config.ConfigurationException;

/** Runs the gate API as a process of its own, configured by environment variables. */
public final class Main {
    private static final int BAD_CONFIGURATION = 78;

    private Main() {}

    /** Starts the gate API and returns; it runs until the process is told to end. */
    public static void main(String[] arguments) {
        try {
            GateApi api = GateApi.start(GateApiConfig.read(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(api::close, "gate-api-shutdown"));
        } catch (ConfigurationException e) {
            System.err.println(e.getMessage());
            System.exit(BAD_CONFIGURATION);
        }
    }
}
