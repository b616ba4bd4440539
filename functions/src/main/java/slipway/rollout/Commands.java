package slipway.rollout;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import slipway.config.Config;
import slipway.config.Service;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.rollout.ServiceState.Change;

/**
 * Reads a command out of an operator's request, such as {@code {"service":"dice","freeze":"Black
 * Friday","by":"ann"}}. It was typed in a hurry: whatever is not understood is an error that says
 * what is, and nothing is guessed.
 */
final class Commands {
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_REASON = 500;
  private static final int USUAL_HISTORY = 10;
  static final int LONGEST_HISTORY = 50;
  private static final Pattern ROLLOUT = Pattern.compile("\\d{8}T\\d{6}\\.\\d{3}Z-[0-9a-f]{8}");

  private Commands() {}

  /** A command by its member, and the members that go with it. */
  private enum Kind {
    STATUS("service"),
    HISTORY("service"),
    PIN("service", "by", "reason"),
    ROLLBACK("service", "by", "reason"),
    UNPIN("service", "by", "reason"),
    FREEZE("service", "by"),
    UNFREEZE("service", "by", "reason"),
    RECONCILE("service", "by", "reason");

    private final Set<String> takes;

    Kind(String... takes) {
      this.takes = Set.of(takes);
    }

    String member() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The command, of a person at that time.
   *
   * @throws Malformed if it is none; the message says what would be
   */
  static Command read(Json request, Config config, Instant now) {
    var kind = kind(request);
    var service = request.at("service");
    return switch (kind) {
      case STATUS -> {
        if (!request.at(kind.member()).missing()) yes(request.at(kind.member()));
        yield new Command.Status(
            service.missing()
                ? config.services().stream().map(Service::name).toList()
                : List.of(service(service, config)));
      }
      case HISTORY -> new Command.History(service(service, config), count(request.at("history")));
      case PIN ->
          new Command.Pin(
              service(service, config), rollout(request.at("pin")), change(request, now));
      case ROLLBACK -> {
        yes(request.at("rollback"));
        yield new Command.Rollback(service(service, config), change(request, now));
      }
      case UNPIN -> {
        yes(request.at("unpin"));
        yield new Command.Unpin(service(service, config), change(request, now));
      }
      case FREEZE ->
          new Command.Freeze(
              service(service, config),
              new Change(by(request), line(request.at("freeze"), LONGEST_REASON), now));
      case UNFREEZE -> {
        yes(request.at("unfreeze"));
        yield new Command.Unfreeze(service(service, config), change(request, now));
      }
      case RECONCILE -> {
        yes(request.at("reconcile"));
        var who = request.at("by").missing() ? "an operator" : by(request);
        yield new Command.Reconcile(
            service(service, config), new Change(who, reason(request), now).text());
      }
    };
  }

  private static Kind kind(Json request) {
    var members = request.members().keySet();
    var asked = Arrays.stream(Kind.values()).filter(k -> members.contains(k.member())).toList();
    if (asked.size() > 1)
      throw new Malformed(
          asked.getLast().member(),
          "cannot go with %s: want one command at a time".formatted(asked.getFirst().member()));
    var kind = asked.isEmpty() ? Kind.STATUS : asked.getFirst();
    var strange = Predicate.<String>isEqual(kind.member()).or(kind.takes::contains).negate();
    members.stream()
        .filter(strange)
        .findFirst()
        .ifPresent(
            member -> {
              throw new Malformed(
                  printable(member),
                  "does not go with %s: that takes %s; commands are %s"
                      .formatted(
                          kind.member(),
                          joined(kind.takes.stream().sorted()),
                          joined(Arrays.stream(Kind.values()).map(Kind::member))));
            });
    return kind;
  }

  private static ServiceName service(Json json, Config config) {
    return config.services().stream()
        .map(Service::name)
        .filter(name -> name.value().equals(json.value()))
        .findFirst()
        .orElseThrow(
            () ->
                json.unexpected(
                    "a service: "
                        + joined(config.services().stream().map(it -> it.name().value()))));
  }

  private static void yes(Json json) {
    if (!Boolean.TRUE.equals(json.value())) throw json.unexpected("true");
  }

  private static int count(Json json) {
    return Boolean.TRUE.equals(json.value()) ? USUAL_HISTORY : json.integer(1, LONGEST_HISTORY);
  }

  private static String rollout(Json json) {
    if (json.value() instanceof String id && ROLLOUT.matcher(id).matches()) return id;
    throw json.unexpected("a rollout's id such as 20261122T113000.000Z-0c6e85b4, as history says");
  }

  private static Change change(Json request, Instant now) {
    return new Change(by(request), reason(request), now);
  }

  private static String by(Json request) {
    return line(request.at("by"), LONGEST_NAME);
  }

  private static String reason(Json request) {
    var reason = request.at("reason");
    return reason.missing() ? "" : line(reason, LONGEST_REASON);
  }

  /** Text that goes to logs, commits, mails and terminals, so it must not play with them. */
  private static String line(Json json, int longest) {
    if (json.value() instanceof String text
        && !text.isBlank()
        && text.strip().length() <= longest
        && text.strip().codePoints().allMatch(Commands::prints)) return text.strip();
    throw new Malformed(
        json.place(),
        "%s: want one line of 1 to %d characters that print"
            .formatted(json.missing() ? "is missing" : "is no such text", longest));
  }

  private static boolean prints(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static String printable(String name) {
    var text = new StringBuilder();
    name.codePoints().limit(40).forEach(point -> text.appendCodePoint(prints(point) ? point : '?'));
    return "'" + text + "'";
  }

  private static String joined(Stream<String> names) {
    return names.collect(Collectors.joining(", "));
  }
}
