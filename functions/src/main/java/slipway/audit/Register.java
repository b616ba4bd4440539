package slipway.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import slipway.audit.Slos.Listed;
import slipway.json.Json;

/**
 * Which SLOs are the stack's, kept from audit to audit: their tags say it, and those are read one
 * by one, five a second. An SLO that was deleted and made again is another one, although its ARN is
 * the same.
 */
final class Register {
  private static final int VERSION = 1;

  /**
   * What is known of an SLO.
   *
   * @param created when it was made
   * @param service of this stack; none if it is somebody else's
   * @param read when its tags were
   */
  record Entry(Instant created, Optional<String> service, Instant read) {}

  private final Map<String, Entry> entries;

  private Register(Map<String, Entry> entries) {
    this.entries = entries;
  }

  static Register empty() {
    return new Register(new HashMap<>());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws slipway.json.Malformed if it did not
   */
  static Register parse(String text) {
    var json = Json.parse(text);
    json.at("version").integer(VERSION, VERSION);
    var entries = new HashMap<String, Entry>();
    for (var slo : json.at("slos").items())
      entries.put(
          slo.at("arn").text(),
          new Entry(
              time(slo.at("created")), slo.at("service").optionalText(), time(slo.at("read"))));
    return new Register(entries);
  }

  private static Instant time(Json seconds) {
    return Instant.ofEpochSecond((long) seconds.number());
  }

  String write() {
    var slos = new ArrayList<Map<String, Object>>();
    new TreeMap<>(entries)
        .forEach(
            (arn, entry) -> {
              var slo = new LinkedHashMap<String, Object>();
              slo.put("arn", arn);
              slo.put("created", entry.created().getEpochSecond());
              entry.service().ifPresent(service -> slo.put("service", service));
              slo.put("read", entry.read().getEpochSecond());
              slos.add(slo);
            });
    var tree = new LinkedHashMap<String, Object>();
    tree.put("version", VERSION);
    tree.put("slos", slos);
    return Json.write(tree);
  }

  /** Forgets what is not listed any more. */
  void keep(List<Listed> listed) {
    var kept = new HashMap<String, Entry>();
    for (var slo : listed) find(slo).ifPresent(entry -> kept.put(slo.arn(), entry));
    entries.keySet().retainAll(kept.keySet());
  }

  /** Those whose owner is not known. */
  List<Listed> unknown(List<Listed> listed) {
    return listed.stream().filter(slo -> find(slo).isEmpty()).toList();
  }

  /** Those whose tags were read longest ago: tags can be changed by hand. */
  List<Listed> oldest(List<Listed> listed, int atMost) {
    return listed.stream()
        .filter(slo -> find(slo).isPresent())
        .sorted(
            Comparator.<Listed, Instant>comparing(slo -> find(slo).orElseThrow().read())
                .thenComparing(Listed::arn))
        .limit(atMost)
        .toList();
  }

  void put(Listed slo, Optional<String> service, Instant read) {
    entries.put(slo.arn(), new Entry(seconds(slo.created()), service, seconds(read)));
  }

  /** The stack's. */
  List<Owned> owned(List<Listed> listed) {
    return listed.stream()
        .flatMap(
            slo ->
                find(slo)
                    .flatMap(Entry::service)
                    .map(service -> new Owned(slo.arn(), slo.name(), service))
                    .stream())
        .toList();
  }

  private Optional<Entry> find(Listed slo) {
    return Optional.ofNullable(entries.get(slo.arn()))
        .filter(entry -> entry.created().equals(seconds(slo.created())));
  }

  private static Instant seconds(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond());
  }
}
