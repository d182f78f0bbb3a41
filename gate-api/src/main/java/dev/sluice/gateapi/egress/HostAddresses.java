package dev.sluice.gateapi.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of hosts. */
@FunctionalInterface
interface HostAddresses {
    /**
     * Returns the addresses of a host, at least one; may take long.
     *
     * @param host a name, or an address without brackets
     * @throws UnknownHostException if it has none
     */
    List<InetAddress> of(String host) throws UnknownHostException;

    /** Asks the resolver of this machine. */
    static List<InetAddress> bySystem(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }
}
