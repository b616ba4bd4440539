package slipway.local.ecs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.local.cloud.Authorizer;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Caller;
import slipway.local.signals.Sidecar;

/** The sidecars of a task, played by what receives and keeps their telemetry. */
public final class Agents implements Sidecars {
  private final slipway.local.signals.Sidecars standIns;
  private final Authorizer authorizer;

  public Agents(slipway.local.signals.Sidecars standIns, Authorizer authorizer) {
    this.standIns = standIns;
    this.authorizer = authorizer;
  }

  @Override
  public Running start(Group group) {
    var started = new ArrayList<Sidecar>();
    try {
      for (var container : group.containers()) {
        var played =
            new slipway.local.signals.Sidecars.Container(
                container.name(), container.image(), container.environment(), group.cluster());
        for (var need : standIns.needs(played)) check(container.name(), group.role(), need);
        standIns
            .start(played)
            .ifPresentOrElse(
                started::add,
                () -> {
                  throw new IllegalArgumentException(
                      "local can neither run nor play container '%s' (image %s)"
                          .formatted(container.name(), container.image()));
                });
      }
    } catch (RuntimeException e) {
      started.forEach(Sidecar::close);
      throw e;
    }
    return new Started(List.copyOf(started));
  }

  /** The real one would start, and say in its log only that nothing arrives. */
  private void check(String container, Optional<String> role, Permission need) {
    if (role.isEmpty()
        || !authorizer.allows(new Caller("", "container " + container, role.get()), need))
      throw new IllegalArgumentException(
          "container '%s' could send nothing: %s may not %s on %s"
              .formatted(
                  container, role.orElse("a task without a role"), need.action(), need.resource()));
  }

  private record Started(List<Sidecar> sidecars) implements Running {
    @Override
    public Map<Integer, Integer> ports() {
      var ports = new HashMap<Integer, Integer>();
      sidecars.forEach(sidecar -> ports.putAll(sidecar.ports()));
      return ports;
    }

    @Override
    public void close() {
      sidecars.forEach(Sidecar::close);
    }
  }
}
