package slipway.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import slipway.rollout.RunningService.Event;
import slipway.rollout.StoppedTask.Container;

/** Says in a sentence why a deployment's tasks stopped. */
final class StopReasons {
  /**
   * As ECS names a target group in a stop reason: the ARN fills a commit status without telling.
   */
  private static final Pattern TARGET_GROUP =
      Pattern.compile("\\(target-group arn:\\S*?:targetgroup/([^/)]+)/[^)]*\\)");

  /**
   * What ECS writes when something is wrong; the rest tells of tasks that come and go.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html">ECS
   *     service event messages</a>
   */
  private static final Pattern TROUBLE =
      Pattern.compile("\\b(unable|failed|unhealthy|cannot|could not|impaired|stuck)\\b");

  private static final Pattern SERVICE = Pattern.compile("^\\(?service \\S+\\)? ");

  /** SIGTERM: the end that whoever stopped the task asked for, never the cause. */
  private static final int TOLD_TO_STOP = 143;

  private StopReasons() {}

  /** How much a text tells, most first. */
  private enum Weight {
    CAUSE,
    EFFECT,
    CONSEQUENCE
  }

  private record Told(Weight weight, String text) {}

  /** Whether a task of the deployment tells why it stopped, other than that it was told to. */
  static boolean told(List<StoppedTask> tasks, String deployment) {
    return tasks.stream()
        .filter(task -> task.startedBy().equals(deployment))
        .map(StopReasons::told)
        .anyMatch(told -> told.weight() != Weight.CONSEQUENCE && !told.text().isEmpty());
  }

  /**
   * The reason why a deployment failed.
   *
   * @param tasks that stopped, of whichever deployment
   * @param deployment id of the one that failed
   * @param alarms that went off; asked for where no task tells why it stopped
   * @param log what ECS wrote into the service's log since the deployment began, the newest first
   * @param event what ECS's event says; the answer if neither a task nor the log says more
   */
  static String summary(
      List<StoppedTask> tasks,
      String deployment,
      List<String> alarms,
      List<Event> log,
      String event) {
    if (!alarms.isEmpty()) return alarm(alarms);
    var counts = new LinkedHashMap<Told, Integer>();
    for (var task : tasks)
      if (task.startedBy().equals(deployment)) counts.merge(told(task), 1, Integer::sum);
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().text().isEmpty())
        .min(
            Comparator.comparing((Map.Entry<Told, Integer> entry) -> entry.getKey().weight())
                .thenComparing(Map.Entry.comparingByValue(Comparator.reverseOrder())))
        .map(
            entry ->
                entry.getKey().text()
                    + (entry.getValue() > 1 ? " (" + entry.getValue() + " tasks)" : ""))
        .or(() -> trouble(log))
        .orElseGet(() -> event.isBlank() ? "ECS gave no reason" : event);
  }

  private static String alarm(List<String> alarms) {
    return "alarm%s %s went off"
        .formatted(
            alarms.size() == 1 ? "" : "s",
            alarms.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")));
  }

  /**
   * The newest line that tells of trouble. It is what is left where no task came to life: no
   * capacity, no address in the subnet, a role that ECS cannot assume.
   */
  private static Optional<String> trouble(List<Event> log) {
    return log.stream()
        .map(Event::text)
        .filter(text -> TROUBLE.matcher(text).find())
        .map(text -> SERVICE.matcher(text).replaceFirst(""))
        .findFirst();
  }

  private static Told told(StoppedTask task) {
    var parts = new ArrayList<String>();
    for (var container : task.containers()) exit(container).ifPresent(parts::add);
    // Stopped by ECS on our behalf, as when the rollback scales the failed deployment down.
    var byScheduler =
        task.stopCode().equals("ServiceSchedulerInitiated")
            && !task.reason().contains("health check");
    if (byScheduler || task.stopCode().equals("UserInitiated"))
      return new Told(Weight.CONSEQUENCE, task.reason());
    var reason = TARGET_GROUP.matcher(task.reason()).replaceAll("target group $1");
    if (parts.isEmpty()) return new Told(Weight.CAUSE, reason);
    // "Essential container in task exited" adds nothing to which one did and how.
    if (!task.reason().isEmpty() && !task.stopCode().equals("EssentialContainerExited"))
      parts.addFirst(reason);
    var failed = task.containers().stream().anyMatch(StopReasons::failed);
    return new Told(failed ? Weight.CAUSE : Weight.EFFECT, String.join("; ", parts));
  }

  private static boolean failed(Container container) {
    return container.unhealthy()
        || !container.reason().isEmpty()
        || container.exitCode().filter(StopReasons::failed).isPresent();
  }

  private static boolean failed(int code) {
    return code != 0 && code != TOLD_TO_STOP;
  }

  /** What a container's end says; nothing if it merely ended with the others. */
  private static Optional<String> exit(Container container) {
    if (!failed(container)) return Optional.empty();
    var words = new ArrayList<String>();
    if (container.unhealthy()) words.add("failed its health check");
    container.exitCode().filter(StopReasons::failed).ifPresent(code -> words.add(meaning(code)));
    if (!container.reason().isEmpty()) words.add(container.reason());
    return Optional.of(container.name() + " " + String.join(", ", words));
  }

  private static String meaning(int code) {
    return "exited with code "
        + code
        + switch (code) {
          case 137 -> " (killed: out of memory, or too slow to stop)";
          case 139 -> " (crashed: segmentation fault)";
          default -> "";
        };
  }
}
