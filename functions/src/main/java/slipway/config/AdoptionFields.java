package slipway.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import slipway.json.Json;
import slipway.json.Malformed;

/** Reads and writes which ECS service is adopted. */
final class AdoptionFields {
  private static final Set<String> KEYS = Set.of("service", "roles", "url");

  /** Source: ECS API reference, CreateService. */
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9_-]{1,255}");

  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[A-Za-z0-9+=,.@_/-]{1,576}");
  private static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9.-]+(:\\d{1,5})?");

  private AdoptionFields() {}

  static Optional<Adoption> read(Json json, Fields fields) {
    if (json.missing()) return Optional.empty();
    int before = fields.problems().size();
    fields.known(json, KEYS);
    if (!(json.value() instanceof Map)) return Optional.empty();
    var service =
        fields.read(
            json.at("service"),
            "none",
            Fields.text(SERVICE, "the name of an ECS service in the cluster"));
    var roles = roles(json.at("roles"), fields);
    var url =
        fields.find(
            json.at("url"),
            Fields.text(URL, "where it answers, without a path, such as https://dice.example.com"));
    return fields.problems().size() > before
        ? Optional.empty()
        : Optional.of(new Adoption(service, roles, url.map(URI::create)));
  }

  private static List<String> roles(Json json, Fields fields) {
    var wanted = "the ARN of a role of its tasks, such as arn:aws:iam::<account>:role/<name>";
    var roles = new LinkedHashSet<String>();
    for (var role : fields.attempt(List.<Json>of(), json::items)) {
      var arn = fields.read(role, "none", Fields.text(ROLE, wanted));
      if (!roles.add(arn) && !arn.equals("none"))
        fields.complain(new Malformed(role.place(), "is there already: want each role once"));
    }
    return new ArrayList<>(roles);
  }

  static Map<String, Object> tree(Adoption adoption) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("service", adoption.service());
    if (!adoption.roles().isEmpty()) tree.put("roles", adoption.roles());
    adoption.url().ifPresent(url -> tree.put("url", url.toString()));
    return tree;
  }
}
