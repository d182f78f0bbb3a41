package dev.sluice.sources.cdevents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageUrlTest {
    private static final String SHA = "0c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4";
    private static final String DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pkg:oci/checkout@sha256%3A" + DIGEST + "                   |       |               |        | sha256:"
                        + DIGEST,
                "pkg:oci/checkout@sha256:" + DIGEST + "?tag=2.4.1           | 2.4.1 |               |        | sha256:"
                        + DIGEST,
                "pkg:oci/checkout?repository_url=r.example/a&tag=2.4.1      | 2.4.1 |               |        |",
                "pkg:docker/acme/checkout@2.4.1?platform=linux              | 2.4.1 |               |        |",
                "pkg:github/acme/checkout@" + SHA + "                       |       | acme/checkout | " + SHA + " |",
                "PKG:GitHub/acme/checkout@v2.4.1#docs                       | v2.4.1 | acme/checkout |       |",
                "pkg:gitlab/acme/shop/checkout@" + SHA + "                  |       | acme/shop/checkout | " + SHA
                        + " |",
                "pkg:github/acme/checkout                                   |       | acme/checkout |        |",
                "pkg:generic/checkout@2.4.1+build.7                         | 2.4.1+build.7 |       |        |",
                "pkg:npm/%40acme/checkout@2.4.1                             | 2.4.1 |               |        |",
                "pkg:npm/@acme/checkout                                     |       |               |        |",
                "pkg:maven/com.acme/checkout@2.4.1?type=jar                 | 2.4.1 |               |        |",
                "pkg:generic/checkout@                                      |       |               |        |",
                "pkg:generic/checkout@2%zz                                  | 2%zz  |               |        |",
                "pkg:oci/checkout@sha256%3Ashort                            | sha256:short |        |        |",
                "checkout-2.4.1.tar.gz                                      | checkout-2.4.1.tar.gz | | |",
                "pkg:                                                       | pkg:  |               |        |",
                "pkg:oci                                                    | pkg:oci |             |        |"
            })
    void readsWhatAPackageUrlSays(String text, String version, String repository, String sha, String digest) {
        assertThat(PackageUrl.parse(text)).isEqualTo(new PackageUrl(version, repository, sha, digest));
    }
}
