package dev.sluice.gateapi.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateapi.config.ConfigurationException;
import dev.sluice.gateapi.config.Problems;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressRulesTest {
    private static final URI PUBLIC = URI.create("https://hooks.example.com/x");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.com/x",
                "https://hooks.example.com",
                "https://hooks.example.com:443/x?y=z&t=%0d%0a",
                "HTTPS://Hooks.Example.COM/x",
                "https://xn--bcher-kva.example/x",
                "https://1.example.com/x"
            })
    void aPublicHostIsSentTo(String url) throws EgressException {
        assertThat(EgressRules.publicOnly().destination(url)).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // addresses, however they are written
                "https://127.0.0.1/x",
                "https://0.0.0.0/x",
                "https://[::1]/x",
                "https://[::]/x",
                "https://[::ffff:169.254.169.254]/x",
                "https://[::ffff:a9fe:a9fe]/x",
                "https://[fe80::1%25eth0]/x",
                "https://169.254.169.254/latest/meta-data",
                "https://8.8.8.8/x",
                "https://[2001:4860:4860::8888]/x",
                "https://2130706433/x",
                "https://0177.0.0.1/x",
                "https://017700000001/x",
                "https://0x7f000001/x",
                "https://0x7f.0.0.1/x",
                "https://0x7f.1/x",
                "https://127.1/x",
                "https://127.0.1/x",
                "https://127.0.0.0x1/x",
                "https://127.0.0.1./x",
                "https://a.example.0x/x",
                // names of the inside, and no full names
                "https://localhost/x",
                "https://LOCALHOST/x",
                "https://hooks.localhost/x",
                "https://kafka/x",
                "https://hooks.example.com./x",
                "https://hooks..example.com/x",
                "https://.example.com/x",
                "https://-hooks.example.com/x",
                "https://hooks_internal.example.com/x",
                "https://hooks%2eexample.com/x",
                "https://hooks.example.com%00.evil.example/x",
                // letters that look like others
                "https://h\u043eoks.example.com/x",
                "https://hooks\u3002example.com/x",
                "https://\u2460\u2461\u2466.0.0.1/x",
                // other schemes
                "http://hooks.example.com/x",
                "file:///etc/passwd",
                "gopher://hooks.example.com/x",
                "ftp://hooks.example.com/x",
                "jar:https://hooks.example.com/x!/",
                "javascript:alert(1)",
                "//hooks.example.com/x",
                "/x",
                "",
                "https:hooks.example.com",
                "https:///x",
                "https://",
                // users, fragments, ends of lines
                "https://user@hooks.example.com/x",
                "https://user:pass@hooks.example.com/x",
                "https://hooks.example.com@evil.example/x",
                "https://@hooks.example.com/x",
                "https://hooks.example.com\\@evil.example/x",
                "https://evil.example#@hooks.example.com/x",
                "https://hooks.example.com/x#y",
                "https://hooks.example.com/x\r\nHost: evil.example",
                "https://hooks.example.com/x\n",
                "https://hooks.example.com/x\u0000",
                " https://hooks.example.com/x",
                "https://hooks.example.com/a b",
                // other ports
                "https://hooks.example.com:22/x",
                "https://hooks.example.com:80/x",
                "https://hooks.example.com:6379/x",
                "https://hooks.example.com:8123/x",
                "https://hooks.example.com:9092/x",
                "https://hooks.example.com:0/x",
                "https://hooks.example.com:/x",
                "https://hooks.example.com:65979/x",
                "https://hooks.example.com:-443/x"
            })
    void nothingElseIsSentTo_howeverItIsWritten(String url) {
        EgressException refused = catchThrowableOfType(
                EgressException.class, () -> EgressRules.publicOnly().destination(url));

        assertThat(refused).isNotNull();
        assertThat(refused.isRefused()).isTrue();
        assertThat(refused.getMessage()).startsWith("the ").doesNotContain("hooks", "evil", "127");
    }

    private static boolean isSentTo(EgressRules rules, String url) {
        try {
            rules.destination(url);
            return true;
        } catch (EgressException e) {
            return false;
        }
    }

    @Test
    void whatTheOperatorNamesForATenantIsForNoOther() throws UnknownHostException {
        var problems = new Problems();
        EgressRules rules = EgressRules.read(
                "all.internal, acme=http://argo.internal:8080, acme=10.1.0.0/16", "acme=hooks.example.com", problems);
        problems.throwIfAny();
        var inside = InetAddress.getByName("10.1.2.3");

        assertThat(isSentTo(rules.of("acme"), "http://argo.internal:8080/x")).isTrue();
        assertThat(isSentTo(rules.of("acme"), "https://all.internal/x")).isTrue();
        assertThat(isSentTo(rules.of("acme"), "https://hooks.example.com/x")).isTrue();
        assertThat(rules.of("acme").allows(PUBLIC, inside)).isTrue();
        for (EgressRules others : new EgressRules[] {rules, rules.of("other"), rules.of(""), rules.of("ACME")}) {
            assertThat(isSentTo(others, "http://argo.internal:8080/x")).isFalse();
            assertThat(isSentTo(others, "https://all.internal/x")).isTrue();
            assertThat(isSentTo(others, "https://hooks.example.com/x")).isFalse();
            assertThat(others.allows(PUBLIC, inside)).isFalse();
        }
    }

    @Test
    void whatIsSaidOfATenantIsReadAsStrictlyAsAllElse() {
        var problems = new Problems();

        EgressRules.read("acme=10.1.2.3/16, a b=c.internal, acme=\nc.internal", "acme=10.0.0.1", problems);

        assertThat(catchThrowableOfType(ConfigurationException.class, problems::throwIfAny))
                .hasMessageContainingAll("10.1.2.3/16", "a b=c.internal", "\nc.internal", "10.0.0.1");
    }

    @Test
    void aUrlHasAnEnd() {
        String url = "https://hooks.example.com/" + "x".repeat(2_000);

        assertThat(catchThrowableOfType(
                        EgressException.class, () -> EgressRules.publicOnly().destination(url)))
                .hasMessage("the URL must have at most 2000 characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.0.1",
                "172.32.0.1",
                "2606:4700::1111",
                "64:ff9b::808:808"
            })
    void anAddressOfTheInternetIsConnectedTo(String address) throws UnknownHostException {
        assertThat(EgressRules.publicOnly().allows(PUBLIC, InetAddress.getByName(address)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.127.255.255",
                "100.100.100.200",
                "169.254.169.254",
                "168.63.129.16",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:169.254.169.254",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd00::8",
                "fd00:ec2::254",
                "ff02::1",
                "100::1",
                "2001::1",
                "2001:2::1",
                "2001:db8::1",
                "3fff::1",
                "2002:7f00:1::",
                "2002:a9fe:a9fe::1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::a00:1",
                "64:ff9b:1::a00:1",
                "5f00::1"
            })
    void noOtherAddressIsConnectedTo_whicheverNameItHas(String address) throws UnknownHostException {
        assertThat(EgressRules.publicOnly().allows(PUBLIC, InetAddress.getByName(address)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080,                 http://127.0.0.1:8080/x",
        "127.0.0.1:8443,                        https://127.0.0.1:8443/x",
        "[::1]:8443,                            https://[::1]:8443/x",
        "hooks.internal,                        https://hooks.internal/x",
        "hooks.internal:8443,                   https://HOOKS.internal:8443/x",
        "https://receiver,                      https://receiver:443/x",
        "http://receiver,                       http://receiver/x",
        "http://*.svc.cluster.local:8080,       http://hooks.ci.svc.cluster.local:8080/x"
    })
    void whatTheOperatorNamesIsSentTo(String allow, String url) {
        EgressRules rules = rules("other.internal, " + allow, "");

        assertThatCode(() -> rules.destination(url)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080,             http://127.0.0.1:8081/x",
        "http://127.0.0.1:8080,             http://2130706433:8080/x",
        "http://127.0.0.1:8080,             http://127.1:8080/x",
        "http://127.0.0.1:8080,             https://127.0.0.1:8080/x",
        "http://127.0.0.1:8080,             http://user@127.0.0.1:8080/x",
        "hooks.internal,                    http://hooks.internal/x",
        "hooks.internal,                    https://hooks.internal:8443/x",
        "hooks.internal:8443,               https://hooks.internal.evil.example:8443/x",
        "http://*.cluster.local:8080,       http://cluster.local:8080/x",
        "http://*.cluster.local:8080,       http://evilcluster.local:8080/x",
        "10.0.0.0/8,                        https://10.0.0.1/x"
    })
    void whatTheOperatorNamesIsNothingElse(String allow, String url) {
        EgressRules rules = rules(allow, "");

        assertThat(catchThrowableOfType(EgressException.class, () -> rules.destination(url)))
                .isNotNull();
    }

    @Test
    void aNamedHostMayBeInside_butNeverAMetadataService() throws UnknownHostException {
        EgressRules rules = rules("hooks.internal:8443", "");
        URI named = URI.create("https://hooks.internal:8443/x");

        assertThat(rules.allows(named, InetAddress.getByName("10.0.0.7"))).isTrue();
        assertThat(rules.allows(named, InetAddress.getByName("fd00::7"))).isTrue();
        assertThat(rules.allows(named, InetAddress.getByName("169.254.169.254")))
                .isFalse();
        assertThat(rules.allows(PUBLIC, InetAddress.getByName("10.0.0.7"))).isFalse();
    }

    @Test
    void aNetworkThatIsAllowedMayBeConnectedTo_byAnyName() throws UnknownHostException {
        EgressRules rules = rules("10.1.0.0/16, fd12:3456::/32", "");

        assertThat(rules.allows(PUBLIC, InetAddress.getByName("10.1.255.255"))).isTrue();
        assertThat(rules.allows(PUBLIC, InetAddress.getByName("10.2.0.0"))).isFalse();
        assertThat(rules.allows(PUBLIC, InetAddress.getByName("fd12:3456::1"))).isTrue();
        assertThat(rules.allows(PUBLIC, InetAddress.getByName("fd12:3457::1"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hooks.example.com/x,       true",
        "https://a.ci.example.com/x,        true",
        "https://named.internal/x,          true",
        "https://ci.example.com/x,          false",
        "https://other.example.com/x,       false",
        "https://hooks.example.com.evil.example/x, false"
    })
    void hostsMayBeNarrowedDown(String url, boolean allowed) {
        EgressRules rules = rules("named.internal", "hooks.example.com,*.ci.example.com");

        EgressException refused = catchThrowableOfType(EgressException.class, () -> rules.destination(url));

        assertThat(refused == null).isEqualTo(allowed);
    }

    @Test
    void whatCannotBeReadIsTold_allOfItTogether() {
        var problems = new Problems();

        EgressRules.read(
                "10.0.0.1/8, 10.0.0.0/33, http://h:99999, ftp://h:21, 0177.0.0.1:80, h/x, u@h:80, *:80",
                "a.example, https://b.example, 10.0.0.1",
                problems);

        assertThat(problems.all()).hasSize(10);
        assertThat(problems.all())
                .element(0)
                .isEqualTo("SLUICE_EGRESS_ALLOW has a network with an address in it: 10.0.0.1/8");
        assertThat(problems.all())
                .element(8)
                .isEqualTo(
                        "SLUICE_EGRESS_HOSTS must have names of hosts, such as hooks.example.com or *.example.com, has https://b.example");
    }

    private static EgressRules rules(String allow, String hosts) {
        var problems = new Problems();
        EgressRules rules = EgressRules.read(allow, hosts, problems);
        assertThat(problems.all()).isEmpty();
        return rules;
    }
}
