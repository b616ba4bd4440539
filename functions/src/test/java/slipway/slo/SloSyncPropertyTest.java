package slipway.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.slo.Samples.DICE;
import static slipway.slo.Samples.OWNER;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import slipway.config.ServiceName;
import slipway.config.Slo;
import slipway.config.SloExclusion;
import slipway.config.SloQuery;
import slipway.config.Slos;
import slipway.config.Slos.Aspect;
import software.amazon.awssdk.services.applicationsignals.model.ExclusionWindow;

class SloSyncPropertyTest {
  private static final String[] NAMES = {"a1", "b2", "c3", "dice GET rolldice availability"};

  /** What happens between two syncs. */
  sealed interface Step {
    /** slipway.yaml is edited. */
    record Declare(List<Slo> slos) implements Step {}

    /** Somebody makes something else of what is there, or makes one more, with Slipway's marks. */
    record Tamper(Slo instead) implements Step {}

    /**
     * One SLO changes in one point only, in slipway.yaml or by hand.
     *
     * @param which by its place in the list
     * @param other has the new value
     */
    record Nudge(boolean byHand, int which, Aspect aspect, Slo other) implements Step {}

    /** Somebody deletes one. */
    record Lose(String name) implements Step {}

    record Wait(int hours) implements Step {}
  }

  private static List<Slo> nudged(World world, List<Slo> declared, Step.Nudge nudge) {
    if (declared.isEmpty()) return declared;
    var which = nudge.which() % declared.size();
    var changed = Slos.changed(declared.get(which), nudge.aspect(), nudge.other());
    if (nudge.byHand()) {
      world.put(Samples.objective(changed), OWNER);
      return declared;
    }
    var after = new ArrayList<>(declared);
    after.set(which, changed);
    return List.copyOf(after);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whateverHappensOneSyncEndsInTheDeclaredState(
      @ForAll("steps") List<Step> steps, @ForAll boolean listsLate) {
    var world = world();
    var theirs = Map.copyOf(world.slos);
    var declared = List.<Slo>of();
    for (var step : steps) {
      switch (step) {
        case Step.Declare(var slos) -> declared = slos;
        case Step.Tamper(var instead) -> world.put(Samples.objective(instead), OWNER);
        case Step.Nudge nudge -> declared = nudged(world, declared, nudge);
        case Step.Lose(var name) -> world.slos.remove(name);
        case Step.Wait(int hours) -> world.now = world.now.plus(Duration.ofHours(hours));
      }
      if (listsLate && step instanceof Step.Declare)
        declared.stream().map(Slo::name).limit(1).forEach(world.unlisted::add);
      var sync = new SloSync(Samples.config(declared), world, world, world.clock());
      assertThat(sync.sync(DICE)).isInstanceOf(SloSync.Outcome.Done.class);
      world.unlisted.clear();

      assertThat(ours(world, theirs).keySet())
          .containsExactlyInAnyOrderElementsOf(declared.stream().map(Slo::name).toList());
      for (var slo : declared) assertAsDeclared(world.slos.get(slo.name()), slo, world.now);
      assertThat(world.slos).containsAllEntriesOf(theirs);

      world.done.clear();
      assertThat(sync.sync(DICE))
          .isInstanceOfSatisfying(
              SloSync.Outcome.Done.class, done -> assertThat(done.plan().isEmpty()).isTrue());
      assertThat(world.done).as("second sync").isEmpty();
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void nothingThatWaitsIsLostAndNothingIsDoneTwice(@ForAll("declared") List<Slo> declared) {
    var world = world();
    world.operations.clear();
    world.made.clear();
    var sync = new SloSync(Samples.config(declared), world, world, world.clock());
    var first = sync.sync(DICE);
    assertThat(first instanceof SloSync.Outcome.NotReady)
        .isEqualTo(
            declared.stream()
                .anyMatch(slo -> slo.operation().isPresent() || slo.dependency().isPresent()));
    world.operations.addAll(Slos.operations());
    world.made.addAll(calls());
    assertThat(sync.sync(DICE)).isInstanceOf(SloSync.Outcome.Done.class);
    assertThat(world.done.stream().filter(call -> call.startsWith("create ")))
        .containsExactlyInAnyOrderElementsOf(
            declared.stream().map(slo -> "create " + slo.name()).toList());
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aServiceThatIsNotConfiguredAnyMoreLeavesNothingBehind(
      @ForAll("declared") List<Slo> declared) {
    var world = world();
    var theirs = Map.copyOf(world.slos);
    new SloSync(Samples.config(declared), world, world, world.clock()).sync(DICE);
    var without = Samples.config(List.of(), "cards");
    new SloSync(without, world, world, world.clock()).sync(DICE);
    assertThat(world.slos).isEqualTo(theirs);
  }

  /** Judged by what the API answers, not by what the plan thinks. */
  private static void assertAsDeclared(World.Stored stored, Slo slo, Instant now) {
    var answer = stored.slo();
    assertThat(answer.goal().attainmentGoal()).isEqualTo(slo.goal());
    assertThat(answer.goal().warningThreshold()).isEqualTo(slo.warning());
    var windows = new TreeSet<Integer>();
    answer.burnRateConfigurations().forEach(rate -> windows.add(rate.lookBackWindowMinutes()));
    assertThat(windows).containsExactlyElementsOf(slo.burnWindows());
    assertThat(answer.requestBasedSli() != null)
        .isEqualTo(slo.indicator() instanceof Slo.Indicator.OfRequests);
    slo.description().ifPresent(text -> assertThat(answer.description()).isEqualTo(text));
    var operation =
        answer.sli() != null
            ? answer.sli().sliMetric().operationName()
            : answer.requestBasedSli().requestBasedSliMetric().operationName();
    assertThat(operation).isEqualTo(slo.operation().orElse(null));
    var dependency =
        answer.sli() != null
            ? answer.sli().sliMetric().dependencyConfig()
            : answer.requestBasedSli().requestBasedSliMetric().dependencyConfig();
    assertThat(dependency == null ? null : dependency.dependencyOperationName())
        .isEqualTo(slo.dependency().map(to -> to.operation()).orElse(null));
    if (slo.indicator() instanceof Slo.Indicator.Metric(var queries, var bound)) {
      assertThat(answer.sli().sliMetric().metricDataQueries()).hasSameSizeAs(queries);
      assertThat(answer.sli().comparisonOperatorAsString()).isEqualTo(bound.comparison().word());
      for (var query : queries)
        assertThat(answer.sli().sliMetric().metricDataQueries())
            .anySatisfy(
                there -> {
                  assertThat(there.id()).isEqualTo(query.id());
                  assertThat(there.accountId()).isEqualTo(query.account().orElse("123456789012"));
                  if (query.source() instanceof SloQuery.Source.Metric metric) {
                    assertThat(there.metricStat().stat()).isEqualTo(metric.statistic());
                    assertThat(there.metricStat().period()).isEqualTo(slo.period().toSeconds());
                    assertThat(there.metricStat().unitAsString())
                        .isEqualTo(metric.unit().orElse(null));
                  }
                });
    }
    var tags = new TreeMap<>(stored.tags());
    tags.keySet().removeIf(key -> key.startsWith("aws:"));
    var wanted = new TreeMap<>(slo.tags());
    wanted.putAll(OWNER.tags());
    assertThat(tags).isEqualTo(wanted);
    assertExcluded(stored.windows(), slo.exclusions(), now);
    assertThat(stored.objective().indicator()).isNotInstanceOf(Indicator.Other.class);
    assertThat(Samples.objective(slo).differences(stored.objective())).isEmpty();
  }

  /**
   * What has begun once and for all cannot be made any more; all else must be there, and only it.
   */
  private static void assertExcluded(
      List<ExclusionWindow> found, List<SloExclusion> declared, Instant now) {
    var allowed = declared.stream().map(SloSyncPropertyTest::text).toList();
    var wanted =
        declared.stream()
            .filter(one -> one.every().isPresent() || one.from().orElseThrow().isAfter(now))
            .map(SloSyncPropertyTest::text)
            .toList();
    var there = found.stream().map(SloShapes::exclusion).map(SloSyncPropertyTest::text).toList();
    assertThat(allowed).containsAll(there);
    assertThat(there).hasSizeLessThanOrEqualTo(allowed.size()).containsAll(wanted);
  }

  private static String text(SloExclusion exclusion) {
    return exclusion.span().length()
        + " "
        + exclusion.every().orElse("once")
        + " "
        + exclusion.reason().orElse("No reason");
  }

  private static Map<String, World.Stored> ours(World world, Map<String, World.Stored> theirs) {
    var ours = new TreeMap<>(world.slos);
    ours.keySet().removeAll(theirs.keySet());
    return ours;
  }

  private static World world() {
    var world = new World();
    world.operations.addAll(Slos.operations());
    world.made.addAll(calls());
    world.put(Samples.objective(Samples.available("nobody", 99)));
    world.put(
        Samples.objective(Samples.available("other stack", 99)), new Ownership("harbor", DICE));
    world.put(
        Samples.objective(Samples.available("other service", 99)),
        new Ownership("slipway", new ServiceName("cards")));
    return world;
  }

  private static List<Catalog.Call> calls() {
    return Slos.operations().stream()
        .flatMap(
            operation -> Slos.dependencies().stream().map(to -> new Catalog.Call(operation, to)))
        .toList();
  }

  @Provide
  Arbitrary<List<Slo>> declared() {
    return Slos.arbitrary(NAMES).list().uniqueElements(Slo::name).ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    var step =
        Arbitraries.<Step>frequencyOf(
            Tuple.of(4, declared().map(Step.Declare::new)),
            Tuple.of(4, Slos.arbitrary(NAMES).map(Step.Tamper::new)),
            Tuple.of(
                12,
                Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.of(Aspect.values()),
                        Slos.arbitrary(NAMES))
                    .as(Step.Nudge::new)),
            Tuple.of(1, Arbitraries.of(NAMES).map(Step.Lose::new)),
            Tuple.of(1, Arbitraries.integers().between(1, 2000).map(Step.Wait::new)));
    return step.list().ofMinSize(1).ofMaxSize(10);
  }
}
