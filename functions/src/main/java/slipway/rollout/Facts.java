package slipway.rollout;

import java.util.Optional;
import slipway.config.Service;

/**
 * What was read of a service; reconcile decides on nothing else.
 *
 * @param running the ECS service; empty if there is none
 * @param current the revision that its primary deployment has
 * @param newest the newest active revision of the service's family; read only where a crash may
 *     have left one that was never deployed
 */
record Facts(
    Service service,
    Desired desired,
    Optional<RunningService> running,
    Optional<Revision> current,
    Optional<Revision> newest,
    ServiceState state,
    Optional<Ledger.Quarantine> quarantined) {}
