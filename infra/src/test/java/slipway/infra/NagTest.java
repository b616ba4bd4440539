package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NagPackProps;
import io.github.cdklabs.cdknag.NagReportFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import software.amazon.awscdk.Aspects;

/** cdk-nag's rules for AWS Solutions, on what the stack can look like. */
class NagTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/test/resources/slipway.yaml",
        "src/test/resources/existing.yaml",
        "src/test/resources/open.yaml",
        "examples/petclinic.yaml",
        "examples/strategies.yaml"
      })
  void whatTheRulesFindIsExcusedWithAReason(String file) throws IOException {
    var lines = findings(file);

    assertThat(lines)
        .extracting(line -> line.at("compliance").text())
        .contains("Compliant", "Suppressed");
    assertThat(lines)
        .filteredOn(line -> !line.at("compliance").text().equals("Compliant"))
        .allSatisfy(
            line ->
                assertThat(line.at("exceptionReason").text())
                    .as("%s of %s", line.at("ruleId").text(), line.at("resourceId").text())
                    .endsWith("."));
  }

  private List<Json> findings(String file) throws IOException {
    var output = folder.resolve("cdk.out");
    switch (ConfigFile.read(Path.of(file))) {
      case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
      case ConfigFile.Good(var config) -> {
        var app =
            Synth.app(
                config, Target.of(config, Map.of()), Map.of(), output, folder.resolve("layer"));
        Aspects.of(app)
            .add(
                new AwsSolutionsChecks(
                    NagPackProps.builder().reportFormats(List.of(NagReportFormat.JSON)).build()));
        app.synth();
        var report = "AwsSolutions-" + config.stack() + "-NagReport.json";
        return Json.parse(Files.readString(output.resolve(report))).at("lines").items();
      }
    }
  }
}
