package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.slo.Samples.SUBJECT;
import static slipway.slo.Samples.available;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import slipway.config.Service;
import slipway.config.Slo;

class ReadinessTest {
  private static final Service SERVICE =
      Samples.config(
              available("a1", 99.9),
              new Slo("b2", "POST /roll", new Slo.Indicator.Availability(), 99, 7, 50))
          .services()
          .getFirst();

  private static KeyAttributes service(String name, String environment) {
    return new KeyAttributes(Map.of("Type", "Service", "Name", name, "Environment", environment));
  }

  private static Readiness readiness(Set<String> operations, KeyAttributes... discovered) {
    return Readiness.of(SERVICE, Stream.of(discovered), _ -> operations);
  }

  @Test
  void aServiceWithAllItsOperationsIsReady() {
    assertThat(readiness(Set.of("GET /rolldice", "POST /roll", "GET /x"), SUBJECT))
        .isEqualTo(new Readiness.Ready(SUBJECT, Set.of("GET /rolldice", "POST /roll", "GET /x")));
  }

  @Test
  void theKeyAttributesAreUsedAsReported() {
    var reported =
        new KeyAttributes(
            Map.of(
                "Type", "Service",
                "Name", "dice",
                "Environment", "production",
                "AwsAccountId", "123456789012"));
    assertThat(readiness(Set.of("GET /rolldice", "POST /roll"), reported))
        .isInstanceOfSatisfying(
            Readiness.Ready.class, ready -> assertThat(ready.subject()).isEqualTo(reported));
  }

  @Test
  void noServiceAtAllIsNotDiscovered() {
    assertThat(readiness(Set.of())).isEqualTo(new Readiness.NotDiscovered(SUBJECT, List.of()));
  }

  @Test
  void theSameNameInAnotherEnvironmentIsNotDiscoveredAndNamed() {
    var elsewhere = service("dice", "ecs:slipway");
    var readiness = readiness(Set.of("GET /rolldice"), elsewhere, service("web", "production"));
    assertThat(readiness)
        .isEqualTo(
            new Readiness.NotDiscovered(SUBJECT, List.of(elsewhere, service("web", "production"))));
    assertThat(Checklist.reason(readiness))
        .isEqualTo(
            "Application Signals has not seen service dice in production in the last 24 hours; it"
                + " has seen 'dice in ecs:slipway', 'web in production'");
  }

  @Test
  void anOperationWithoutTrafficIsNamedWithThoseSeen() {
    var readiness = readiness(Set.of("GET /rolldice"), SUBJECT);
    assertThat(readiness)
        .isEqualTo(
            new Readiness.OperationMissing(SUBJECT, Set.of("POST /roll"), Set.of("GET /rolldice")));
    assertThat(Checklist.reason(readiness))
        .isEqualTo(
            "Application Signals has seen service dice in production, but not its operations 'POST"
                + " /roll' in the last 24 hours; it has seen 'GET /rolldice'");
  }

  @Test
  void servicesAreReadOnlyUntilTheOneIsFound() {
    var endless = Stream.concat(Stream.of(SUBJECT), Stream.generate(() -> service("x", "y")));
    assertThat(Readiness.of(SERVICE, endless, _ -> Set.of("GET /rolldice", "POST /roll")))
        .isInstanceOf(Readiness.Ready.class);
  }
}
