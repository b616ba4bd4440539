package slipway.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Slo;
import slipway.local.Synthesis;

/** What goes to an account, as far as it can be seen here. */
class AccountConfigTest {
  private static final Pattern CLI = Pattern.compile("aws-cdk@(\\S+)");
  private final AccountConfig config = new AccountConfig("3f9c", "you/slipway");

  @Test
  void itIsWhatSynthTakes(@TempDir Path folder) throws IOException {
    var sources = Path.of(System.getProperty("slipway.sources"));

    var assembly = Synthesis.assembly(folder, "cdk.out", config.yaml(), sources);

    var read = read(assembly);
    assertThat(read.stack()).isEqualTo(config.stack()).hasSizeLessThanOrEqualTo(32);
    assertThat(read.github().repository()).isEqualTo("you/slipway");
    assertThat(read.github().tokenSecret()).hasValue(config.tokenSecret());
    assertThat(read.services())
        .singleElement()
        .satisfies(
            service -> {
              assertThat(service.name().value()).isEqualTo(config.service());
              assertThat(service.source().branch()).isEqualTo(config.branch());
              assertThat(service.slos())
                  .extracting(Slo::name)
                  .containsExactlyInAnyOrderElementsOf(config.slos());
            });
  }

  @Test
  void namesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> new AccountConfig("A B", "you/slipway"))
        .hasMessageContaining("lower-case letters or digits");
    assertThatThrownBy(() -> new AccountConfig("3f9c", "slipway"))
        .hasMessageContaining("owner and name of your fork");
  }

  @Test
  void itDeploysWithTheToolThatTheDocumentationNames() throws IOException {
    var root = Path.of(System.getProperty("slipway.sources"));
    for (var readme : List.of("README.md", "infra/README.md"))
      assertThat(
              CLI.matcher(Files.readString(root.resolve(readme)))
                  .results()
                  .map(found -> found.group(1))
                  .collect(Collectors.toSet()))
          .as(readme)
          .containsExactly(System.getProperty("slipway.cdk.cli"));
  }

  private static Config read(Path assembly) throws IOException {
    try (var assets = Files.list(assembly)) {
      return Configs.read(
          assets
              .map(asset -> asset.resolve("slipway.json"))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow());
    }
  }
}
