package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import slipway.config.Configs;

class SlosTest {
  @Test
  void eachKindGetsFromTheFileToTheFunctions(@TempDir Path folder) throws IOException {
    var config =
        switch (ConfigFile.read(Path.of("src/test/resources/slos.yaml"))) {
          case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
          case ConfigFile.Good(var good) -> good;
        };
    assertThat(config.services().getFirst().slos()).hasSize(13);
    Synth.app(config, folder.resolve("cdk.out"), folder.resolve("layer")).synth();
    try (var files = Files.walk(folder.resolve("layer"))) {
      assertThat(files.filter(Files::isRegularFile).map(Configs::read)).containsExactly(config);
    }
  }
}
