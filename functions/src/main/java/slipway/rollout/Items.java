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
import slipway.rollout.Ledger.Order;
import slipway.rollout.Ledger.Quarantine;
import slipway.rollout.Rollout.Cause;
import slipway.rollout.ServiceState.Change;
import slipway.rollout.ServiceState.Pin;
import slipway.rollout.ServiceState.Said;
import slipway.rollout.SpentBudgets.Spent;
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

  static Map<String, AttributeValue> spentKey(ServiceName service) {
    return key("SERVICE#" + service, "SPENT");
  }

  static Map<String, AttributeValue> rolloutKey(ServiceName service, String id) {
    return key("SERVICE#" + service, "ROLLOUT#" + id);
  }

  /** Sorts by time within the service. */
  static Map<String, AttributeValue> orderKey(ServiceName service, Order order) {
    return key(
        "SERVICE#" + service, "ORDER#" + Rollout.time(order.change().at()) + "#" + order.what());
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

  static ServiceState state(Json json) {
    return new ServiceState(
        present(json.at("running")).map(Items::rollout),
        present(json.at("latest")).map(Items::rollout),
        present(json.at("pinned"))
            .map(pin -> new Pin(rollout(pin.at("rollout")), change(pin.at("change")))),
        present(json.at("frozen")).map(Items::change),
        present(json.at("said"))
            .map(
                said ->
                    new Said(
                        said.at("text").text(),
                        said.at("commits").items().stream().map(Json::text).toList(),
                        present(said.at("waiting")).map(Items::announcement))),
        List.of());
  }

  static List<Object> spent(List<Spent> spent) {
    return spent.stream()
        .<Object>map(it -> Map.of("slo", it.slo(), "since", it.since().toString()))
        .toList();
  }

  /** Of the item that has nothing else. */
  static List<Spent> spent(Json json) {
    return json.at("spent").items().stream()
        .map(it -> new Spent(it.at("slo").text(), Instant.parse(it.at("since").text())))
        .toList();
  }

  static Map<String, Object> quarantine(Quarantine quarantine) {
    var members = new LinkedHashMap<String, Object>();
    quarantine.rollout().ifPresent(id -> members.put("rollout", id));
    members.put("reason", quarantine.reason());
    return members;
  }

  static Map<String, Object> said(Said said) {
    var members = new LinkedHashMap<String, Object>();
    members.put("text", said.text());
    members.put("commits", said.commits());
    said.waiting().ifPresent(waiting -> members.put("waiting", announcement(waiting)));
    return members;
  }

  static Map<String, Object> change(Change change) {
    return Map.of("by", change.by(), "reason", change.reason(), "at", change.at().toString());
  }

  static Change change(Json json) {
    return new Change(
        json.at("by").text(), json.at("reason").text(), Instant.parse(json.at("at").text()));
  }

  static Map<String, Object> order(Order order) {
    var members = new LinkedHashMap<String, Object>();
    members.put("what", order.what());
    members.put("change", change(order.change()));
    order.takesBack().ifPresent(id -> members.put("takesBack", id));
    return members;
  }

  static Order order(Json json) {
    return new Order(
        json.at("what").text(), change(json.at("change")), json.at("takesBack").optionalText());
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
    members.put("commits", rollout.commits());
    rollout.author().ifPresent(author -> members.put("author", author));
    rollout.pushedAt().ifPresent(at -> members.put("pushedAt", at.toString()));
    members.put("cause", rollout.cause().name());
    members.put("why", rollout.why());
    rollout.announced().ifPresent(told -> members.put("announced", announcement(told)));
    members.put("status", rollout.status().name());
    members.put("startedAt", rollout.startedAt().toString());
    rollout.endedAt().ifPresent(at -> members.put("endedAt", at.toString()));
    members.put("reason", rollout.reason());
    rollout.runs().ifPresent(arn -> members.put("runs", arn));
    rollout.restoredAt().ifPresent(at -> members.put("restoredAt", at.toString()));
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
        json.at("author").optionalText(),
        json.at("pushedAt").optionalText().map(Instant::parse),
        // Those of before it was recorded say nothing of it.
        json.at("cause").optionalText().map(Cause::valueOf).orElse(Cause.FOUND),
        json.at("why").text(),
        present(json.at("announced")).map(Items::announcement),
        Rollout.Status.valueOf(json.at("status").text()),
        Instant.parse(json.at("startedAt").text()),
        json.at("endedAt").optionalText().map(Instant::parse),
        json.at("reason").text(),
        json.at("runs").optionalText(),
        json.at("restoredAt").optionalText().map(Instant::parse));
  }

  private static Map<String, Object> announcement(Announcement announcement) {
    return Map.of("commit", announcement.commit(), "key", announcement.key());
  }

  private static Announcement announcement(Json json) {
    return new Announcement(json.at("commit").text(), json.at("key").text());
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
