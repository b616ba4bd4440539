package slipway.rollout;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import slipway.config.ServiceName;
import slipway.json.Json;
import slipway.rollout.ServiceState.Freeze;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.ServiceState.Ran;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Records as items of the table, and back. */
final class Items {
  private Items() {}

  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
  }

  static Map<String, AttributeValue> stateKey(ServiceName service) {
    return key("SERVICE#" + service, "STATE");
  }

  static Map<String, AttributeValue> rolloutKey(ServiceName service, String id) {
    return key("SERVICE#" + service, "ROLLOUT#" + id);
  }

  static Map<String, AttributeValue> deploymentKey(String id) {
    return key("DEPLOYMENT#" + id, "ROLLOUT");
  }

  static Map<String, AttributeValue> quarantineKey(ServiceName service, String fingerprint) {
    return key("QUARANTINE#" + service, fingerprint);
  }

  static Map<String, AttributeValue> releaseKey(ServiceName service) {
    return key("FIRST#" + service, "RELEASE");
  }

  /** An item: its key and further members. */
  static Map<String, AttributeValue> item(Map<String, AttributeValue> key, Map<String, ?> members) {
    var item = new LinkedHashMap<>(key);
    members.forEach((name, value) -> item.put(name, value(value)));
    return item;
  }

  /** A value of maps, lists and scalars as an attribute. */
  static AttributeValue value(@Nullable Object value) {
    return switch (value) {
      case String text -> AttributeValue.fromS(text);
      case Number number -> AttributeValue.fromN(number.toString());
      case Boolean flag -> AttributeValue.fromBool(flag);
      case Map<?, ?> map ->
          AttributeValue.fromM(
              map.entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          entry -> (String) entry.getKey(), entry -> value(entry.getValue()))));
      case List<?> list -> AttributeValue.fromL(list.stream().map(Items::value).toList());
      case null -> AttributeValue.fromNul(true);
      default ->
          throw new IllegalArgumentException("no attribute for a " + value.getClass().getName());
    };
  }

  /** An item as a document, so that it is read with the place of each value. */
  static Json json(Map<String, AttributeValue> item) {
    return Json.of(tree(AttributeValue.fromM(item)));
  }

  private static @Nullable Object tree(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s();
      case N -> Double.valueOf(value.n());
      case BOOL -> value.bool();
      case M -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        value.m().forEach((name, member) -> map.put(name, tree(member)));
        yield map;
      }
      case L -> value.l().stream().map(Items::tree).toList();
      case SS -> value.ss();
      case NUL -> null;
      case NS, BS, B, UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalStateException("the table holds a " + value.type() + ": none of ours");
    };
  }

  static Map<String, Object> ran(Ran ran) {
    return Map.of(
        "rollout", ran.rollout(),
        "fingerprint", ran.fingerprint(),
        "taskDefinition", ran.taskDefinition(),
        "commit", ran.commit(),
        "images", ran.images());
  }

  static ServiceState state(Json json) {
    return new ServiceState(
        ran(json.at("running")),
        ran(json.at("latest")),
        present(json.at("pinned"))
            .map(
                pin ->
                    new Pin(
                        pin.at("rollout").text(),
                        pin.at("fingerprint").text(),
                        pin.at("taskDefinition").text(),
                        pin.at("commit").optionalText().orElse(""),
                        pin.at("by").optionalText().orElse("somebody"))),
        present(json.at("frozen"))
            .map(
                freeze ->
                    new Freeze(
                        freeze.at("reason").optionalText().orElse("no reason given"),
                        freeze.at("by").optionalText().orElse("somebody"))),
        json.at("said").optionalText());
  }

  private static Optional<Ran> ran(Json json) {
    return present(json)
        .map(
            ran ->
                new Ran(
                    ran.at("rollout").text(),
                    ran.at("fingerprint").text(),
                    ran.at("taskDefinition").text(),
                    ran.at("commit").text(),
                    texts(ran.at("images"))));
  }

  static Map<String, Object> rollout(Rollout rollout) {
    var members = new LinkedHashMap<String, Object>();
    members.put("id", rollout.id());
    members.put("service", rollout.service().value());
    members.put("deployment", rollout.deployment());
    rollout.from().ifPresent(from -> members.put("from", from));
    members.put("to", rollout.to());
    members.put("fingerprint", rollout.fingerprint());
    members.put("images", rollout.images());
    members.put("commit", rollout.commit());
    members.put("commits", rollout.commits());
    members.put("status", rollout.status().name());
    members.put("startedAt", rollout.startedAt().toString());
    rollout.endedAt().ifPresent(at -> members.put("endedAt", at.toString()));
    if (!rollout.reason().isEmpty()) members.put("reason", rollout.reason());
    if (rollout.told()) members.put("told", true);
    return members;
  }

  static Rollout rollout(Json json) {
    return new Rollout(
        json.at("id").text(),
        new ServiceName(json.at("service").text()),
        json.at("deployment").text(),
        json.at("from").optionalText(),
        json.at("to").text(),
        json.at("fingerprint").text(),
        texts(json.at("images")),
        json.at("commits").items().stream().map(Json::text).toList(),
        Rollout.Status.valueOf(json.at("status").text()),
        Instant.parse(json.at("startedAt").text()),
        json.at("endedAt").optionalText().map(Instant::parse),
        json.at("reason").optionalText().orElse(""),
        !json.at("told").missing());
  }

  private static Optional<Json> present(Json json) {
    return json.missing() ? Optional.empty() : Optional.of(json);
  }

  private static Map<String, String> texts(Json json) {
    var texts = new LinkedHashMap<String, String>();
    json.members().forEach((name, value) -> texts.put(name, value.text()));
    return texts;
  }
}
