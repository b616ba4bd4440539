package slipway.slo;

import java.util.List;
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

  /** Creates it with the owner's tags; false if the name is taken, then nothing has changed. */
  boolean create(Objective objective, Ownership owner);

  /** Gives the SLO all of the objective but what cannot be changed. */
  void update(String arn, Objective objective);

  /** Deletes it; one that is gone already is no error. */
  void delete(String arn);
}
