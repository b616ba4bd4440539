package slipway.rollout;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values as a trace shows them: short. */
final class Words {
  private Words() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "done";
      case Optional<?> optional -> optional.map(Words::of).orElse("none");
      case List<?> list -> list.stream().map(Words::of).collect(Collectors.joining(", ", "[", "]"));
      case TaskDefinition it ->
          it.family() + " (" + (known(it) ? Content.of(it) : "template " + Fleet.version(it)) + ")";
      case Image it -> it.repository() + " of commit " + Fleet.number(it.commit().orElseThrow());
      case RunningService it -> of(it.deployments());
      case RunningService.Deployment it ->
          "%s %s %s".formatted(it.id(), Revision.shortName(it.taskDefinition()), it.progress());
      case Rollout it ->
          "rollout of %s by %s %s"
              .formatted(Revision.shortName(it.to()), it.deployment(), it.status());
      case Ledger.Reading it ->
          of(it.state())
              + it.quarantined().map(_ -> ", quarantined").orElse("")
              + it.release().map(_ -> ", release waits").orElse("");
      case ServiceState it ->
          "runs %s, latest %s%s%s%s"
              .formatted(
                  of(it.running()),
                  of(it.latest()),
                  it.pinned().map(pin -> ", pinned to " + of(pin.rollout())).orElse(""),
                  it.frozen().map(_ -> ", frozen").orElse(""),
                  it.spent().isEmpty() ? "" : ", budgets spent");
      case Announcement it -> "%d/%s".formatted(Fleet.number(it.commit()), it.key());
      case String text when text.contains(":task-definition/") && !text.contains(" ") ->
          Revision.shortName(text);
      case String text when text.matches("[0-9a-f]{40}") -> "commit " + Fleet.number(text);
      case String text when text.matches("[0-9a-f]{64}") -> text.substring(0, 8);
      default -> value.toString();
    };
  }

  private static boolean known(TaskDefinition it) {
    return it.images().values().stream().allMatch(image -> image.contains("@"));
  }
}
