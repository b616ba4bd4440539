package slipway.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Slo;

/** What goes to an account, as far as it can be seen here. */
class AccountConfigTest {
  private static final Pattern CLI = Pattern.compile("aws-cdk@(\\S+)");
  private final AccountConfig config = new AccountConfig("3f9c", "you/slipway");

  @Test
  void itIsWhatSynthTakes(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("slipway.yaml"), config.yaml());
    var assembly = folder.resolve("cdk.out");

    synth(file, assembly);

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

  private static void synth(Path file, Path assembly) throws Exception {
    var infra = Path.of(System.getProperty("slipway.sources")).resolve("infra");
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "slipway.infra.Synth",
                file.toString())
            .directory(infra.toFile())
            .redirectErrorStream(true);
    builder.environment().put("CDK_OUTDIR", assembly.toString());
    builder.environment().put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
    var process = builder.start();
    var printed = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
  }
}
