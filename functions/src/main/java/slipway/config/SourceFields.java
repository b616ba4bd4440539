package slipway.config;

import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import slipway.json.Json;

/** Reads and writes where code comes from: the same two keys at the top and in a service. */
final class SourceFields {
  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}");
  private static final Pattern BRANCH = Pattern.compile("[^\\s~^:?*\\[\\\\]{1,244}");

  private static final Function<Json, String> REPOSITORIES =
      Fields.text(REPOSITORY, "owner/name, such as example/dice");
  private static final Function<Json, String> BRANCHES =
      Fields.text(BRANCH, "a branch's name such as main");

  private SourceFields() {}

  /** Of the whole configuration: a repository must be named. */
  static Source read(Json json, Fields fields) {
    return new Source(
        fields.read(json.at("repository"), "owner/name", REPOSITORIES),
        fields.readOr(json.at("branch"), "main", BRANCHES));
  }

  /** Of a service: what it does not say is as in the whole configuration. */
  static Source read(Json json, Source otherwise, Fields fields) {
    return new Source(
        fields.readOr(json.at("repository"), otherwise.repository(), REPOSITORIES),
        fields.readOr(json.at("branch"), otherwise.branch(), BRANCHES));
  }

  /** Puts what differs from the whole configuration's. */
  static void write(Source source, Source otherwise, Map<String, Object> tree) {
    if (!source.repository().equals(otherwise.repository()))
      tree.put("repository", source.repository());
    if (!source.branch().equals(otherwise.branch())) tree.put("branch", source.branch());
  }
}
