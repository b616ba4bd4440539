package slipway.config;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A service level objective as the user declares it.
 *
 * @param name unique in the account and Region; Application Signals can never rename it
 * @param description for people; Slipway's own if there is none
 * @param operation as Application Signals reports it: HTTP method and route, such as {@code GET
 *     /rolldice}; none for the whole service
 * @param dependency what the service calls, if that is what is measured
 * @param indicator what is measured
 * @param period that is good or bad as a whole, and of the metrics; without meaning where
 *     Application Signals counts requests itself
 * @param goal attainment in percent, such as 99.9
 * @param warning percent of the error budget that is left when the SLO turns to warning
 * @param burnWindows look-back windows of burn rates in minutes
 * @param tags beside Slipway's own
 * @param alarms whether a high burn rate raises an alarm
 */
public record Slo(
    String name,
    Optional<String> description,
    Optional<String> operation,
    Optional<SloDependency> dependency,
    Indicator indicator,
    Duration period,
    double goal,
    double warning,
    SloInterval interval,
    SortedSet<Integer> burnWindows,
    List<SloExclusion> exclusions,
    SortedMap<String, String> tags,
    boolean alarms) {
  /** The API's own, when an SLO says nothing. */
  public static final double DEFAULT_GOAL = 99;

  /** The API's own, when an SLO says nothing. */
  public static final double DEFAULT_WARNING = 50;

  static final Duration DEFAULT_PERIOD = Duration.ofMinutes(1);

  /** Source: Application Signals' service model, ServiceLevelObjectiveName. */
  static final Pattern NAME = Pattern.compile("[0-9A-Za-z][-._0-9A-Za-z ]{0,126}[0-9A-Za-z]");

  /** Source: AWS's guide, quotas of Application Signals: each SLO may have so many. */
  static final int MOST_BURN_WINDOWS = 10;

  /** Likewise. */
  static final int MOST_EXCLUSIONS = 10;

  /** A resource may have 50; two are Slipway's. */
  static final int MOST_TAGS = 48;

  /**
   * Minutes: the pairs of long and short window of Google's SRE workbook, chapter "Alerting on
   * SLOs": 1 h with 5 min, 6 h with 30 min, 3 d with 6 h.
   */
  private static final List<Integer> WORKBOOK = List.of(5, 30, 60, 360, 4320);

  /** What is measured, and what makes a period or a request a good one. */
  public sealed interface Indicator {
    /** What Application Signals measures itself, of an operation, a service or a dependency. */
    sealed interface Standard extends Indicator {}

    /** What is measured period by period. */
    sealed interface OfPeriods extends Indicator {}

    /** Good requests among all. */
    sealed interface OfRequests extends Indicator {}

    /**
     * A period is good if enough of its requests had no fault.
     *
     * @param bound of their share in percent; the goal itself if there is none
     */
    record Availability(Optional<SloBound> bound) implements Standard, OfPeriods {
      public Availability {
        bound.ifPresent(
            given -> {
              if (given.value() < 0
                  || given.value() > 100
                  || given.comparison() == SloBound.Comparison.AT_MOST
                  || given.comparison() == SloBound.Comparison.BELOW)
                throw new IllegalArgumentException(
                    "threshold '%s' of availability: want >= or > and a percentage"
                        .formatted(given));
            });
      }

      public Availability() {
        this(Optional.empty());
      }
    }

    /**
     * A period is good if a statistic of its times to answer is.
     *
     * @param statistic of CloudWatch, such as {@code p99} or {@code Average}
     * @param threshold the statistic must not exceed
     */
    record Latency(String statistic, Duration threshold) implements Standard, OfPeriods {
      /** Those of CloudWatch that give a time, in the form that Application Signals takes. */
      static final Pattern STATISTIC =
          Pattern.compile(
              "Average|Minimum|Maximum|Sum|IQM|(p|tm|wm|ts)(\\d{1,2}(\\.\\d{1,10})?|100)");

      public Latency {
        if (!STATISTIC.matcher(statistic).matches())
          throw new IllegalArgumentException(
              "statistic '%s': want a percentile such as p99, or Average".formatted(statistic));
        positive(threshold);
      }
    }

    /** A request is good if it had no fault. */
    record RequestAvailability() implements Standard, OfRequests {}

    /**
     * A request is good if it was answered in time.
     *
     * @param threshold that it must not exceed
     */
    record RequestLatency(Duration threshold) implements Standard, OfRequests {
      public RequestLatency {
        positive(threshold);
      }
    }

    /** A period is good if the value of CloudWatch is. */
    record Metric(List<SloQuery> queries, SloBound bound) implements OfPeriods {
      public Metric {
        queries = returningOne(queries);
      }
    }

    /**
     * Requests as metrics of CloudWatch count them.
     *
     * @param good whether the good ones are counted, or the bad ones
     */
    record Counts(List<SloQuery> total, boolean good, List<SloQuery> counted)
        implements OfRequests {
      public Counts {
        total = returningOne(total);
        counted = returningOne(counted);
      }
    }

    private static void positive(Duration threshold) {
      if (threshold.isNegative() || threshold.isZero())
        throw new IllegalArgumentException("threshold " + threshold + ": want more than 0");
    }

    private static List<SloQuery> returningOne(List<SloQuery> queries) {
      if (queries.stream().filter(SloQuery::returned).count() != 1)
        throw new IllegalArgumentException(
            "queries %s: want exactly one that is returned".formatted(queries));
      if (queries.stream().map(SloQuery::id).distinct().count() < queries.size())
        throw new IllegalArgumentException(
            "queries %s: want a name of its own for each".formatted(queries));
      return List.copyOf(queries);
    }
  }

  public Slo {
    burnWindows = Collections.unmodifiableSortedSet(new TreeSet<>(burnWindows));
    exclusions = List.copyOf(exclusions);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    if (!NAME.matcher(name).matches())
      throw new IllegalArgumentException(
          "SLO name '%s': want 2 to 128 letters, digits, spaces and - . _, starting and ending with a letter or digit"
              .formatted(name));
    operation.ifPresent(Slo::checkOperation);
    if (!(indicator instanceof Indicator.Standard)
        && (operation.isPresent() || dependency.isPresent()))
      throw new IllegalArgumentException(
          "SLO '%s': want neither operation nor dependency with metrics of CloudWatch"
              .formatted(name));
    if (period.toMinutes() < 1
        || period.toMinutes() > 15
        || !period.equals(Duration.ofMinutes(period.toMinutes())))
      throw new IllegalArgumentException("period " + period + ": want whole minutes, 1 to 15");
    if (!(goal > 0 && goal < 100))
      throw new IllegalArgumentException(
          "goal " + goal + ": want a percentage above 0 and below 100");
    if (!(warning > 0 && warning < 100))
      throw new IllegalArgumentException(
          "warning " + warning + ": want a percentage above 0 and below 100");
    if (interval.length().compareTo(period) <= 0)
      throw new IllegalArgumentException(
          "interval %s: want one longer than the period".formatted(interval));
    checkBurnWindows(burnWindows, period, interval);
    if (exclusions.size() > MOST_EXCLUSIONS)
      throw new IllegalArgumentException(
          "%d exclusions: want %d at most".formatted(exclusions.size(), MOST_EXCLUSIONS));
    if (tags.size() > MOST_TAGS)
      throw new IllegalArgumentException(
          "%d tags: want %d at most".formatted(tags.size(), MOST_TAGS));
  }

  /** The usual one: on an operation, over the last days, with all else by default. */
  public Slo(
      String name, String operation, Indicator indicator, double goal, int days, double warning) {
    this(
        name,
        Optional.empty(),
        Optional.of(operation),
        Optional.empty(),
        indicator,
        DEFAULT_PERIOD,
        goal,
        warning,
        new SloInterval.Rolling(SloSpan.ofDays(days)),
        defaultBurnWindows(DEFAULT_PERIOD, new SloInterval.Rolling(SloSpan.ofDays(days))),
        List.of(),
        Collections.emptySortedMap(),
        true);
  }

  /** Those of the workbook that are possible with that period and interval. */
  static SortedSet<Integer> defaultBurnWindows(Duration period, SloInterval interval) {
    var windows = new TreeSet<>(WORKBOOK);
    windows.removeIf(minutes -> !fits(minutes, period, interval));
    return windows;
  }

  /** A window is a multiple of the period and shorter than the interval. */
  static boolean fits(int minutes, Duration period, SloInterval interval) {
    return minutes % period.toMinutes() == 0
        && Duration.ofMinutes(minutes).compareTo(interval.length()) < 0;
  }

  private static void checkBurnWindows(
      SortedSet<Integer> windows, Duration period, SloInterval interval) {
    if (windows.size() > MOST_BURN_WINDOWS)
      throw new IllegalArgumentException(
          "%d burn-rate windows: want %d at most".formatted(windows.size(), MOST_BURN_WINDOWS));
    for (int minutes : windows)
      if (minutes < 1 || minutes > 10080 || !fits(minutes, period, interval))
        throw new IllegalArgumentException(
            "burn-rate window of %d minutes: want 1 to 10080, a multiple of the period and shorter than the interval"
                .formatted(minutes));
  }

  private static void checkOperation(String operation) {
    if (operation.isBlank() || operation.length() > 194)
      throw new IllegalArgumentException(
          "operation '%s': want 1 to 194 characters".formatted(operation));
  }
}
