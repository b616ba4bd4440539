package slipway.notice;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.ServiceName;

/**
 * Whom a line of the log is about. Every line is asked for it, so that all that happened to a push
 * can be found by its commit, and all of a service by its name.
 *
 * @param services names; several only where one thing touched them all, such as a build
 * @param rollout id in the service's history
 * @param commit that was pushed, is built or rolled out
 */
public record About(List<String> services, Optional<String> rollout, Optional<String> commit) {
  /** No service: the line is about the function itself, or about something unknown. */
  public static final About NOTHING = new About(List.of(), Optional.empty(), Optional.empty());

  public About {
    services = List.copyOf(services);
    if (rollout.isPresent() && services.size() != 1)
      throw new IllegalArgumentException(
          "rollout %s is of services %s: want one".formatted(rollout.get(), services));
  }

  public static About service(ServiceName service) {
    return service(service.value());
  }

  /** A service as somebody called it, which need not be one. */
  public static About service(String name) {
    return services(List.of(name));
  }

  public static About services(List<String> names) {
    return new About(names, Optional.empty(), Optional.empty());
  }

  public static About push(String commit) {
    return NOTHING.commit(commit);
  }

  /** The same, of this commit; empty text tells none. */
  public About commit(String id) {
    return new About(services, rollout, Optional.of(id).filter(it -> !it.isEmpty()));
  }

  public About commit(Optional<String> id) {
    return commit(id.orElse(""));
  }

  /** The same, of this rollout. */
  public About rollout(String id) {
    return new About(services, Optional.of(id), commit);
  }

  /**
   * The same with what is known from around. Rollout and commit belong together: of another commit
   * the rollout around is none.
   */
  About within(About around) {
    boolean same = services.isEmpty() || services.equals(around.services);
    var all = services.isEmpty() ? around.services : services;
    return same && rollout.isEmpty() && commit.isEmpty()
        ? new About(all, around.rollout, around.commit)
        : new About(all, rollout, commit);
  }

  /** The members of a line. */
  void write(Map<String, Object> line) {
    if (!services.isEmpty()) line.put("service", String.join(", ", services));
    rollout.ifPresent(id -> line.put("rollout", id));
    commit.ifPresent(id -> line.put("commit", id));
  }
}
