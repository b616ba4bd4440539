package slipway.rollout;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import slipway.config.ServiceName;

/**
 * The people who write the services: what they push and which of it is wrong, by service and
 * container (a template is a service's {@code template}).
 */
final class Team {
  /** What is wrong with a version. */
  enum Flaw {
    NONE,
    /** Its tasks do not become healthy. */
    CRASHES,
    /** Its image is for another platform. */
    WRONG_PLATFORM,
    /** ECS does not deploy it. */
    REFUSED
  }

  static final String TEMPLATE = "template";

  private record Work(ServiceName service, String part) {}

  private final Map<Work, NavigableMap<Integer, Flaw>> versions = new HashMap<>();
  private final Map<ServiceName, Set<Integer>> overriding = new HashMap<>();

  /** This commit's message says that it rolls out although an error budget is spent. */
  void overrides(ServiceName service, int commit) {
    overriding.computeIfAbsent(service, _ -> new HashSet<>()).add(commit);
  }

  boolean overriding(ServiceName service, int commit) {
    return overriding.getOrDefault(service, Set.of()).contains(commit);
  }

  /** Whether something in it that does not run says so. */
  boolean overriding(ServiceName service, Content content, Content runs) {
    return content.app() != runs.app() && overriding(service, content.app())
        || content.adot() != runs.adot() && overriding(service, content.adot());
  }

  /** A version of a part from now on. */
  void writes(ServiceName service, String part, int version, Flaw flaw) {
    versions.computeIfAbsent(new Work(service, part), _ -> new TreeMap<>()).put(version, flaw);
  }

  /** The newest version of a part, at a commit or as of now. */
  int version(ServiceName service, String part, int commit) {
    return versions.get(new Work(service, part)).floorKey(commit);
  }

  Flaw flaw(ServiceName service, String part, int commit) {
    return versions.get(new Work(service, part)).floorEntry(commit).getValue();
  }

  boolean crashes(ServiceName service, Content content) {
    return has(service, content, Flaw.CRASHES);
  }

  boolean refused(ServiceName service, Content content) {
    return has(service, content, Flaw.REFUSED);
  }

  /** Whether it would run, if it were rolled out. */
  boolean deployable(ServiceName service, Content content) {
    return parts(service, content).stream().allMatch(Flaw.NONE::equals);
  }

  private boolean has(ServiceName service, Content content, Flaw flaw) {
    return parts(service, content).contains(flaw);
  }

  private List<Flaw> parts(ServiceName service, Content content) {
    return List.of(
        flaw(service, TEMPLATE, content.template()),
        flaw(service, "app", content.app()),
        flaw(service, "adot", content.adot()));
  }
}
