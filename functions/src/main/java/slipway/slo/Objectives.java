package slipway.slo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The SLOs in Application Signals. */
interface Objectives {
  /**
   * The SLOs of that owner.
   *
   * @param names declared ones, looked at also if they measure another service than the owner's
   */
  List<Existing> of(Ownership owner, Set<String> names);

  /** The SLO of that name, whoever owns it. */
  Optional<Existing> find(String name);

  /**
   * Creates it with the owner's tags and its own, but without exclusions.
   *
   * @return its ARN; empty if the name is taken, then nothing has changed
   */
  Optional<String> create(Objective objective, Ownership owner);

  /** Gives the SLO all of the objective but what cannot be changed, its tags and exclusions. */
  void update(String arn, Objective objective);

  /** Changes the times that do not count. */
  void exclude(String arn, Exclusions exclusions);

  /** Sets tags to values, and takes others away. */
  void tag(String arn, Map<String, String> values, Set<String> gone);

  /** Deletes it; one that is gone already is no error. */
  void delete(String arn);
}
