package slipway.local.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import slipway.json.Json;
import slipway.local.cloud.Place;
import slipway.local.iam.Iam;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;
import software.amazon.event.ruler.Ruler;

/** Rules: an event that matches a pattern goes to the rule's targets. */
final class Rules implements Provisioner {
  private final String stack;
  private final Targets targets;
  private final Iam iam;
  private final Map<String, Rule> rules = new ConcurrentHashMap<>();

  private record Target(
      String arn, String group, Optional<String> input, Optional<String> deadLetters) {}

  private record Rule(
      String name, String arn, String pattern, List<Target> targets, boolean enabled) {}

  Rules(String stack, EventBus bus, Targets targets, Iam iam) {
    this.stack = stack;
    this.targets = targets;
    this.iam = iam;
    bus.listen(this::dispatch);
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::Events::Rule");
  }

  @Override
  public Made make(Resource resource) {
    var rule = rule(resource);
    if (rules.putIfAbsent(rule.name(), rule) != null)
      throw new IllegalArgumentException("rule '" + rule.name() + "' exists already");
    return new Made(rule.name(), Map.of("Arn", rule.arn()));
  }

  /** From one event to the next: no event meets half of it. */
  @Override
  public Made update(Change change) {
    var rule = rule(change.after());
    rules.put(rule.name(), rule);
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    rules.remove(made.ref());
  }

  @Override
  public List<String> existing() {
    return rules.values().stream().map(Rule::arn).toList();
  }

  private Rule rule(Resource resource) {
    var properties = resource.properties();
    if (!properties.at("ScheduleExpression").missing())
      throw properties
          .at("ScheduleExpression")
          .unexpected("none: local plays schedules of EventBridge Scheduler");
    var bus = properties.at("EventBusName").optionalText().orElse("default");
    if (!bus.equals("default"))
      throw properties.at("EventBusName").unexpected("default: local plays no other bus");
    var name = properties.at("Name").optionalText().orElse(resource.generatedName(stack));
    var arn = Place.arn("events", "rule/" + name);
    var pattern = Json.write(properties.at("EventPattern").value());
    check(name, pattern);
    var to = new ArrayList<Target>();
    for (var target : properties.at("Targets").items()) {
      for (var odd : List.of("InputPath", "InputTransformer", "EcsParameters"))
        if (!target.at(odd).missing())
          throw target.at(odd).unexpected("none: local does not play it");
      to.add(
          new Target(
              target.at("Arn").text(),
              target.at("SqsParameters").at("MessageGroupId").optionalText().orElse(""),
              target.at("Input").optionalText(),
              target.at("DeadLetterConfig").at("Arn").optionalText()));
    }
    var enabled = !properties.at("State").optionalText().orElse("ENABLED").equals("DISABLED");
    return new Rule(name, arn, pattern, List.copyOf(to), enabled);
  }

  private static void check(String name, String pattern) {
    try {
      Ruler.matchesRule("{}", pattern);
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "rule %s: EventBridge would refuse the pattern %s: %s"
              .formatted(name, pattern, e.getMessage()),
          e);
    }
  }

  private void dispatch(String event) {
    for (var rule : rules.values()) {
      if (!rule.enabled() || !matches(rule, event)) continue;
      for (var target : rule.targets())
        targets.deliver(
            new Targets.Delivery(
                "rule " + rule.name(),
                rule.arn(),
                target.arn(),
                target.input().orElse(event),
                target.group(),
                target.deadLetters()),
            permission -> iam.serviceMayNot("events.amazonaws.com", permission));
    }
  }

  private static boolean matches(Rule rule, String event) {
    try {
      return Ruler.matchesRule(event, rule.pattern());
    } catch (Exception e) {
      throw new IllegalStateException("cannot match an event with rule " + rule.name(), e);
    }
  }
}
