package slipway.local.ecs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import slipway.local.signals.Sidecar;

/** The sidecars of a task, played by what receives and keeps their telemetry. */
public final class Agents implements Sidecars {
  private final slipway.local.signals.Sidecars standIns;

  public Agents(slipway.local.signals.Sidecars standIns) {
    this.standIns = standIns;
  }

  @Override
  public Running start(Group group) {
    var started = new ArrayList<Sidecar>();
    try {
      for (var container : group.containers()) {
        standIns
            .start(
                new slipway.local.signals.Sidecars.Container(
                    container.name(), container.image(), container.environment(), group.cluster()))
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
