package slipway.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Service;
import slipway.json.Json;
import slipway.telemetry.Task;
import slipway.telemetry.TelemetryDecision;

/** The second example: several services that call each other. */
class PetclinicTest {
  private static final Path FILE = Path.of("examples/petclinic.yaml");
  private static final Config CONFIG =
      switch (ConfigFile.read(FILE)) {
        case ConfigFile.Good(var config) -> config;
        case ConfigFile.Bad(var messages) -> throw new AssertionError(messages);
      };
  private static final Json TEMPLATE = synthesized();

  @Test
  void editorsTakeItToo() throws IOException {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(Path.of("slipway.schema.json")), InputFormat.JSON);
    assertThat(schema.validate(Configs.toJson(CONFIG), InputFormat.JSON)).isEmpty();
  }

  @Test
  void eachServiceHasItsCodeAndAnSloOfItsOwn() {
    assertThat(CONFIG.services())
        .extracting(
            service -> service.name().value(),
            service -> service.source().repository(),
            service -> service.slos().stream().flatMap(slo -> slo.operation().stream()).toList())
        .containsExactly(
            tuple("gateway", "example/petclinic", List.of("GET /api/gateway/owners/{ownerId}")),
            tuple("customers", "example/petclinic", List.of("GET /owners/{ownerId}")),
            tuple("visits", "example/petclinic", List.of("GET /pets/visits")),
            tuple("vets", "example/petclinic-vets", List.of("GET /vets")));
  }

  @Test
  void theTelemetryOfEachArrivesUnderItsOwnName() {
    for (var service : CONFIG.services()) {
      assertThat(TelemetryDecision.mistakes(Task.of(service, definition(service)))).isEmpty();
      assertThat(environment(service).get("OTEL_RESOURCE_ATTRIBUTES"))
          .startsWith("service.name=" + service.name() + ",deployment.environment=production,");
    }
  }

  /** What makes spans of two services one trace: a propagator that both have, and an address. */
  @Test
  void servicesFindEachOtherAndTheirTracesGoOn() {
    var gateway = environment(CONFIG.services().getFirst());
    assertThat(gateway.get("OTEL_PROPAGATORS")).contains("tracecontext");
    assertThat(gateway.entrySet())
        .filteredOn(variable -> variable.getKey().endsWith("_URL"))
        .allSatisfy(
            variable -> assertThat(variable.getValue()).matches("http://\\$\\{\\w+\\.DNSName}"))
        .extracting(Map.Entry::getKey)
        .containsExactly("CUSTOMERS_URL", "VETS_URL", "VISITS_URL");
    var ports =
        resources("AWS::EC2::SecurityGroup")
            .filter(group -> group.at("GroupDescription").text().startsWith("Of the tasks of"))
            .map(
                group ->
                    group.at("SecurityGroupEgress").items().stream()
                        .map(egress -> egress.at("ToPort").integer(1, 65535))
                        .toList())
            .toList();
    assertThat(ports).hasSize(4).containsOnly(List.of(443, 80));
  }

  private static java.util.stream.Stream<Json> resources(String type) {
    return TEMPLATE.at("Resources").members().values().stream()
        .filter(resource -> resource.at("Type").text().equals(type))
        .map(resource -> resource.at("Properties"));
  }

  private static Json definition(Service service) {
    return resources("AWS::ECS::TaskDefinition")
        .filter(task -> task.at("Family").text().equals(service.name().templateFamily()))
        .map(Synthesized::registered)
        .collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
  }

  private static Map<String, String> environment(Service service) {
    var variables = new TreeMap<String, String>();
    for (var container : definition(service).at("containerDefinitions").items())
      if (container.at("name").text().equals(service.front().name()))
        for (var variable : container.at("environment").items())
          variables.put(variable.at("name").text(), variable.at("value").text());
    return variables;
  }

  private static Json synthesized() {
    try {
      var output = Files.createTempDirectory(Path.of("target"), "petclinic-cdk.out");
      Synth.app(CONFIG, output, output.resolve("layer")).synth();
      return Json.of(
          Synthesized.resolve(
              Json.parse(Files.readString(output.resolve("petclinic.template.json"))).value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
