package slipway.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import slipway.slo.KeyAttributes;
import slipway.slo.Ownership;

/** The SLOs in Application Signals, whoever made them. */
interface Slos {
  /** At most this many SLOs are in a page, and in a question for budgets. */
  int BATCH = 50;

  /**
   * What a list tells of an SLO; whose it is, only its tags say.
   *
   * @param subject the service that it measures; an SLO on a CloudWatch metric may have none
   */
  record Listed(String arn, String name, Optional<KeyAttributes> subject, Instant created) {}

  /**
   * A part of the list.
   *
   * @param next where the next part begins
   */
  record Page(List<Listed> slos, Optional<String> next) {
    public Page {
      slos = List.copyOf(slos);
    }
  }

  /** A page of all SLOs of account and Region, the first one if none is named. */
  Page list(Optional<String> page);

  /** Who made it, by its tags; nobody if it is not Slipway's, or gone. */
  Optional<Ownership> owner(String arn);

  /**
   * The budgets of up to {@link #BATCH} SLOs, in their order. One that cannot be read is there too,
   * without data and with the reason.
   */
  List<Budget> budgets(List<Owned> slos, Instant at);
}
