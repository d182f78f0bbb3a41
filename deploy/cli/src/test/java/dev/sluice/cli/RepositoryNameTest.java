package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryNameTest {
    @ParameterizedTest
    @CsvSource({
        "https://github.com/acme/shop.git, acme/shop",
        "https://github.com/acme/shop, acme/shop",
        "https://github.com/acme/shop/, acme/shop",
        "https://x-access-token:s3cret@github.com/acme/shop.git, acme/shop",
        "https://gitlab.example.org:8443/group/sub/shop.git, group/sub/shop",
        "ssh://git@example.org:2222/acme/shop.git, acme/shop",
        "git@github.com:acme/shop.git, acme/shop",
        "git@example.org:/acme/shop, acme/shop",
        "example.org:acme/shop.git, acme/shop",
        "https://example.org/acme/shop.git?token=s3cret, acme/shop"
    })
    void ownerAndName_areReadFromTheAddress(String address, String name) {
        assertThat(RepositoryName.of(address)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/git/shop.git", "../shop", "file:///srv/git/shop.git", "C:/git/shop", "", "https://x"})
    void placeOnThisMachine_hasNoOwner(String address) {
        assertThat(RepositoryName.of(address)).isEmpty();
    }
}
