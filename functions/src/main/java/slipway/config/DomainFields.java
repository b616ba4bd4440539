package slipway.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import slipway.config.Domain.Trust;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes the name of its own that a service has. */
final class DomainFields {
  private static final Set<String> KEYS = Set.of("name", "certificate", "zone");
  private static final Pattern CERTIFICATE =
      Pattern.compile("arn:aws[a-z-]*:acm:[a-z0-9-]+:\\d{12}:certificate/[A-Za-z0-9-]+");
  private static final Pattern ZONE = Pattern.compile("Z[A-Z0-9]{1,31}");

  private DomainFields() {}

  static Optional<Domain> read(Json json, Fields fields) {
    if (json.missing()) return Optional.empty();
    if (!(json.value() instanceof Map)) {
      fields.complain(
          json.unexpected(
              "name, and either certificate (the ARN of one in ACM) or zone (the id of a hosted"
                  + " zone in Route 53)"));
      return Optional.empty();
    }
    int before = fields.problems().size();
    fields.known(json, KEYS);
    var name =
        fields.read(
            json.at("name"), "a.a", Fields.text(Domain.NAME, "a name such as dice.example.com"));
    var certificate =
        fields.find(
            json.at("certificate"),
            Fields.text(
                CERTIFICATE,
                "the ARN of a certificate in ACM, such as"
                    + " arn:aws:acm:<region>:<account>:certificate/<id>"));
    var zone =
        fields.find(
            json.at("zone"),
            Fields.text(ZONE, "the id of a hosted zone in Route 53, such as Z0123456789ABC"));
    if (fields.problems().size() > before) return Optional.empty();
    if (certificate.isPresent() == zone.isPresent()) {
      fields.complain(
          new Malformed(
              json.place(),
              (zone.isPresent() ? "has both certificate and zone" : "has no certificate")
                  + ": want either certificate (the ARN of one in ACM; DNS is yours) or zone (the"
                  + " id of a hosted zone in Route 53, in which Slipway makes what is needed)"));
      return Optional.empty();
    }
    if (zone.isPresent() && name.length() > Domain.LONGEST_ISSUED) {
      fields.complain(
          json.at("name")
              .unexpected(
                  Domain.LONGEST_ISSUED
                      + " characters at most, as ACM issues no certificate for a longer name"));
      return Optional.empty();
    }
    return Optional.of(
        new Domain(
            name,
            zone.<Trust>map(Trust.Zone::new)
                .orElseGet(() -> new Trust.Certificate(certificate.orElseThrow()))));
  }

  static Map<String, Object> tree(Domain domain) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", domain.name());
    switch (domain.trust()) {
      case Trust.Certificate(var arn) -> tree.put("certificate", arn);
      case Trust.Zone(var id) -> tree.put("zone", id);
    }
    return tree;
  }
}
