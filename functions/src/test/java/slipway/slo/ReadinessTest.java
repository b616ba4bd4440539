package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.slo.Samples.SUBJECT;
import static slipway.slo.Samples.available;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import slipway.config.Service;
import slipway.config.Slo;
import slipway.config.SloDependency;
import slipway.config.SloInterval;

class ReadinessTest {
  private static final Service SERVICE =
      Samples.config(
              available("a1", 99.9),
              new Slo("b2", "POST /roll", new Slo.Indicator.Availability(), 99, 7, 50))
          .services()
          .getFirst();

  private static final List<Objective> WANTED =
      SERVICE.slos().stream().map(Samples::objective).toList();

  private static KeyAttributes service(String name, String environment) {
    return new KeyAttributes(Map.of("Type", "Service", "Name", name, "Environment", environment));
  }

  private static Readiness readiness(Set<String> operations, KeyAttributes... discovered) {
    return readiness(operations, Set.of(), Stream.of(discovered), WANTED);
  }

  private static Readiness readiness(
      Set<String> operations,
      Set<Catalog.Call> calls,
      Stream<KeyAttributes> discovered,
      List<Objective> wanted) {
    return Readiness.of(
        SERVICE,
        wanted,
        new Catalog() {
          @Override
          public Stream<KeyAttributes> services() {
            return discovered;
          }

          @Override
          public Set<String> operations(KeyAttributes service) {
            return operations;
          }

          @Override
          public Set<Call> calls(KeyAttributes service) {
            return calls;
          }
        });
  }

  @Test
  void aServiceWithAllItsOperationsIsReady() {
    assertThat(readiness(Set.of("GET /rolldice", "POST /roll", "GET /x"), SUBJECT))
        .isEqualTo(new Readiness.Ready(SUBJECT));
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
            new Readiness.Unseen(
                SUBJECT, Set.of("POST /roll"), Set.of("GET /rolldice"), Set.of(), Set.of()));
    assertThat(Checklist.reason(readiness))
        .isEqualTo(
            "Application Signals has seen service dice in production, but not its operations 'POST"
                + " /roll' in the last 24 hours; it has seen 'GET /rolldice'");
  }

  @Test
  void servicesAreReadOnlyUntilTheOneIsFound() {
    var endless = Stream.concat(Stream.of(SUBJECT), Stream.generate(() -> service("x", "y")));
    assertThat(readiness(Set.of("GET /rolldice", "POST /roll"), Set.of(), endless, WANTED))
        .isInstanceOf(Readiness.Ready.class);
  }

  private static Slo on(Optional<String> operation, Optional<SloDependency> dependency) {
    return new Slo(
        "a1",
        Optional.empty(),
        operation,
        dependency,
        new Slo.Indicator.RequestAvailability(),
        Duration.ofMinutes(1),
        99,
        50,
        SloInterval.DEFAULT,
        new TreeSet<>(),
        List.of(),
        new TreeMap<>(),
        true);
  }

  private static Readiness readiness(Set<Catalog.Call> calls, Slo slo) {
    return readiness(
        Set.of("GET /rolldice"), calls, Stream.of(SUBJECT), List.of(Samples.objective(slo)));
  }

  @Test
  void theWholeServiceNeedsNothingButItself() {
    var whole = on(Optional.empty(), Optional.empty());
    assertThat(readiness(Set.of(), whole)).isEqualTo(new Readiness.Ready(SUBJECT));
    assertThat(readiness(Set.of(), Set.of(), Stream.of(), List.of(Samples.objective(whole))))
        .isEqualTo(new Readiness.NotDiscovered(SUBJECT, List.of()));
  }

  @Test
  void aDependencyMustHaveBeenCalledInTheOperationThatIsNamed() {
    var cards =
        new SloDependency(
            Map.of("Type", "Service", "Name", "cards", "Environment", "production"), "GET /cards");
    var reported = new TreeMap<>(cards.attributes());
    reported.put("AwsAccountId", "123456789012");
    var call = new Catalog.Call("GET /other", new SloDependency(reported, "GET /cards"));
    assertThat(readiness(Set.of(call), on(Optional.empty(), Optional.of(cards))))
        .isEqualTo(new Readiness.Ready(SUBJECT));
    var readiness = readiness(Set.of(call), on(Optional.of("GET /rolldice"), Optional.of(cards)));
    assertThat(Checklist.reason(readiness))
        .isEqualTo(
            "Application Signals has seen service dice in production, but not its calls 'GET /cards"
                + " of cards in GET /rolldice' in the last 24 hours; it has seen 'GET /cards of"
                + " cards'");
    assertThat(Checklist.advice(readiness)).contains("- Dependency: ");
  }
}
