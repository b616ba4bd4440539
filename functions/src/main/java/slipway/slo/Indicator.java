package slipway.slo;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import slipway.config.Slo;
import slipway.config.SloBound;
import slipway.config.SloDependency;
import slipway.config.SloQuery;

/** What an SLO measures, and what makes a period or a request a good one. */
public sealed interface Indicator {
  /** What is measured in words; of two kinds, none can become the other. */
  String kind();

  /** Whether requests are good or bad, or else periods; none can become the other. */
  boolean ofRequests();

  /** Seconds; none if an answer did not tell, or if there is no period; several if made by hand. */
  SortedSet<Integer> periods();

  /** What a value must keep: in percent for availability, in milliseconds for latency. */
  Optional<SloBound> bound();

  /** What Application Signals measures itself of a service. */
  enum Standard {
    /** Requests without a fault. */
    AVAILABILITY,
    /** Times to answer. */
    LATENCY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A standard metric of a service, of its operation, or of what it calls.
   *
   * @param operation none for the whole service
   * @param statistic such as {@code p99}, for latency of periods; none if an answer did not tell
   */
  record OfService(
      Standard standard,
      boolean ofRequests,
      Optional<String> operation,
      Optional<SloDependency> dependency,
      Optional<String> statistic,
      SortedSet<Integer> periods,
      Optional<SloBound> bound)
      implements Indicator {
    public OfService {
      statistic = statistic.map(Statistics::canonical);
      periods = Collections.unmodifiableSortedSet(new TreeSet<>(periods));
    }

    @Override
    public String kind() {
      return standard.toString();
    }
  }

  /** A value of CloudWatch, period by period. */
  record OfMetric(List<SloQuery> queries, SortedSet<Integer> periods, Optional<SloBound> bound)
      implements Indicator {
    public OfMetric {
      queries = List.copyOf(queries);
      periods = Collections.unmodifiableSortedSet(new TreeSet<>(periods));
    }

    @Override
    public boolean ofRequests() {
      return false;
    }

    @Override
    public String kind() {
      return "CloudWatch metric";
    }
  }

  /**
   * Requests as metrics of CloudWatch count them.
   *
   * @param good whether the good ones are counted, or the bad ones
   */
  record OfCounts(
      List<SloQuery> total, boolean good, List<SloQuery> counted, SortedSet<Integer> periods)
      implements Indicator {
    public OfCounts {
      total = List.copyOf(total);
      counted = List.copyOf(counted);
      periods = Collections.unmodifiableSortedSet(new TreeSet<>(periods));
    }

    @Override
    public boolean ofRequests() {
      return true;
    }

    @Override
    public Optional<SloBound> bound() {
      return Optional.empty();
    }

    @Override
    public String kind() {
      return "requests counted by CloudWatch";
    }
  }

  /** What Slipway does not make, and only names. */
  record Other(String what, boolean ofRequests) implements Indicator {
    @Override
    public String kind() {
      return what;
    }

    @Override
    public SortedSet<Integer> periods() {
      return Collections.emptySortedSet();
    }

    @Override
    public Optional<SloBound> bound() {
      return Optional.empty();
    }
  }

  /**
   * What the user declared. For availability of periods the goal itself is the bound if none is
   * said: at 99.9, a minute in which more than one of a thousand requests failed is a bad minute.
   */
  static Indicator declared(Slo slo) {
    var period = new TreeSet<>(Set.of(Math.toIntExact(slo.period().toSeconds())));
    return switch (slo.indicator()) {
      case Slo.Indicator.Availability(var bound) ->
          new OfService(
              Standard.AVAILABILITY,
              false,
              slo.operation(),
              slo.dependency(),
              Optional.empty(),
              period,
              bound.or(() -> Optional.of(new SloBound(SloBound.Comparison.AT_LEAST, slo.goal()))));
      case Slo.Indicator.Latency(var statistic, var threshold) ->
          new OfService(
              Standard.LATENCY,
              false,
              slo.operation(),
              slo.dependency(),
              Optional.of(statistic),
              period,
              Optional.of(atMost(threshold.toNanos())));
      case Slo.Indicator.RequestAvailability() ->
          new OfService(
              Standard.AVAILABILITY,
              true,
              slo.operation(),
              slo.dependency(),
              Optional.empty(),
              Collections.emptySortedSet(),
              Optional.empty());
      case Slo.Indicator.RequestLatency(var threshold) ->
          new OfService(
              Standard.LATENCY,
              true,
              slo.operation(),
              slo.dependency(),
              Optional.empty(),
              Collections.emptySortedSet(),
              Optional.of(atMost(threshold.toNanos())));
      case Slo.Indicator.Metric(var queries, var bound) ->
          new OfMetric(queries, period, Optional.of(bound));
      case Slo.Indicator.Counts(var total, var good, var counted) ->
          new OfCounts(total, good, counted, period);
    };
  }

  private static SloBound atMost(long nanos) {
    return new SloBound(SloBound.Comparison.AT_MOST, nanos / 1e6);
  }
}
