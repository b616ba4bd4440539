package slipway.config;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A CloudWatch metric, or an expression over others.
 *
 * @param id by which expressions name it
 * @param account that has the metric, if it is another one
 * @param returned whether its value is the one that counts; of exactly one of several
 */
public record SloQuery(String id, Source source, Optional<String> account, boolean returned) {
  static final Pattern ID = Pattern.compile("[a-z][A-Za-z0-9_]{0,254}");
  static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

  /** Where the values come from. */
  public sealed interface Source {
    /**
     * A metric.
     *
     * @param statistic any of CloudWatch's, such as {@code Sum}
     * @param unit only values of that unit count
     */
    record Metric(
        String namespace,
        String name,
        SortedMap<String, String> dimensions,
        String statistic,
        Optional<String> unit)
        implements Source {
      /** Source: CloudWatch's user guide, "Statistics definitions". */
      static final Pattern STATISTIC =
          Pattern.compile(
              "SampleCount|Sum|Average|Minimum|Maximum|IQM"
                  + "|(p|tm|wm|tc|ts)(\\d{1,2}(\\.\\d{1,10})?|100)"
                  + "|(TM|WM|TC|TS|PR)\\((?!:\\))(\\d{1,9}(\\.\\d{1,10})?%?)?:(\\d{1,9}(\\.\\d{1,10})?%?)?\\)");

      public Metric {
        dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
      }

      public Metric(
          String namespace, String name, Map<String, String> dimensions, String statistic) {
        this(namespace, name, new TreeMap<>(dimensions), statistic, Optional.empty());
      }

      @Override
      public String toString() {
        return statistic
            + " of "
            + namespace
            + " "
            + name
            + (dimensions.isEmpty() ? "" : " " + dimensions);
      }
    }

    /** Metric math, or a query of Metrics Insights. */
    record Expression(String text) implements Source {
      @Override
      public String toString() {
        return text;
      }
    }
  }

  public SloQuery {
    if (!ID.matcher(id).matches())
      throw new IllegalArgumentException(
          "query '%s': want a name that begins with a lower-case letter, then letters, digits and _"
              .formatted(id));
  }

  /** The only one. */
  public static SloQuery only(Source source) {
    return new SloQuery("m1", source, Optional.empty(), true);
  }

  /** Whether it is a metric of the canary of that name. */
  boolean isOfCanary(String name) {
    return account.isEmpty()
        && source instanceof Source.Metric metric
        && metric.namespace().equals("CloudWatchSynthetics")
        && name.equals(metric.dimensions().get("CanaryName"));
  }

  @Override
  public String toString() {
    return (returned ? "" : id + " = ") + source;
  }
}
