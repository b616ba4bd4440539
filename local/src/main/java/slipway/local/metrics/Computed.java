package slipway.local.metrics;

import java.util.List;
import java.util.OptionalDouble;

/** Metrics of one namespace that nobody sends: they are worked out when somebody asks. */
public interface Computed {

  /** The metrics that there are. */
  List<Metric> metrics();

  /** The metric's one value in a minute that is over; empty if it has none. */
  OptionalDouble value(Metric metric, long minute);
}
