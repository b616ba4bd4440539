package slipway.github;

import java.util.List;
import java.util.Map;
import slipway.config.Source;

/** What is remembered of branches from one look to the next. */
interface HeadLedger {
  /** Those of the branches that were looked at before. */
  Map<Source, KnownHead> read(List<Source> sources);

  void write(Source source, KnownHead known);
}
