package slipway.local.build;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.cloud.AwsService.Permission;
import slipway.local.cloud.Place;

/**
 * A project of the template.
 *
 * @param variables each with {@code name}, {@code type}, {@code value}
 * @param logGroup where CodeBuild writes the builds' logs to
 * @param secret ARN of the one that it clones with, with or without its last six characters
 */
record Project(
    String name,
    String role,
    String sourceType,
    String location,
    String buildspec,
    Optional<String> sourceVersion,
    Map<String, Object> environment,
    List<Map<String, Object>> variables,
    Duration timeout,
    String logGroup,
    Optional<String> secret) {

  static Project of(String name, Json properties) {
    var source = properties.at("Source");
    var type = source.at("Type").text();
    if (!type.equals("GITHUB") && !type.equals("GITHUB_ENTERPRISE"))
      throw source.at("Type").unexpected("GITHUB or GITHUB_ENTERPRISE");
    var environment = properties.at("Environment");
    var described = new LinkedHashMap<String, Object>();
    described.put("image", environment.at("Image").optionalText().orElse(""));
    described.put("privileged-mode", environment.at("PrivilegedMode").value());
    described.put(
        "image-pull-credentials-type",
        environment.at("ImagePullCredentialsType").optionalText().orElse("CODEBUILD"));
    described.put("compute-type", environment.at("ComputeType").optionalText().orElse(""));
    described.put("type", environment.at("Type").optionalText().orElse(""));
    var variables = new ArrayList<Map<String, Object>>();
    for (var variable : environment.at("EnvironmentVariables").items()) {
      variables.add(
          variable(
              variable.at("Name").text(),
              variable.at("Type").optionalText().orElse("PLAINTEXT"),
              variable.at("Value").text()));
    }
    var minutes = properties.at("TimeoutInMinutes");
    return new Project(
        name,
        properties.at("ServiceRole").text(),
        type,
        source.at("Location").text(),
        source.at("BuildSpec").optionalText().orElse("buildspec.yml"),
        properties.at("SourceVersion").optionalText(),
        described,
        variables,
        Duration.ofMinutes(minutes.missing() ? 60 : minutes.integer(5, 2160)),
        properties
            .at("LogsConfig")
            .at("CloudWatchLogs")
            .at("GroupName")
            .optionalText()
            .orElse("/aws/codebuild/" + name),
        source.at("Auth").at("Resource").optionalText());
  }

  static Map<String, Object> variable(String name, String type, String value) {
    if (!type.equals("PLAINTEXT"))
      throw new IllegalArgumentException(
          "variable " + name + " has type " + type + ": local plays PLAINTEXT only");
    var variable = new LinkedHashMap<String, Object>();
    variable.put("name", name);
    variable.put("type", type);
    variable.put("value", value);
    return variable;
  }

  /** As it is, but with another source of the same kind. */
  Project from(String otherLocation) {
    return new Project(
        name,
        role,
        sourceType,
        otherLocation,
        buildspec,
        sourceVersion,
        environment,
        variables,
        timeout,
        logGroup,
        secret);
  }

  /**
   * What CodeBuild itself does as the project's role, each by any of some permissions. Source:
   * CodeBuild user guide, "Allow CodeBuild to interact with other AWS services".
   */
  List<List<Permission>> usesOfItsRole() {
    var stream = Place.arn("logs", "log-group:" + logGroup + ":log-stream:build");
    var uses = new ArrayList<List<Permission>>();
    uses.add(List.of(new Permission("logs:CreateLogStream", stream)));
    uses.add(List.of(new Permission("logs:PutLogEvents", stream)));
    secret.ifPresent(
        arn ->
            uses.add(
                // An ARN without the six characters means the secret that has some.
                Stream.of(arn + "-XXXXXX", arn)
                    .map(each -> new Permission("secretsmanager:GetSecretValue", each))
                    .toList()));
    return uses;
  }

  String arn() {
    return Place.arn("codebuild", "project/" + name);
  }

  /** The project's variables, replaced by name. */
  List<Map<String, Object>> variablesWith(List<Map<String, Object>> overrides) {
    var merged = new LinkedHashMap<Object, Map<String, Object>>();
    overrides.forEach(variable -> merged.put(variable.get("name"), variable));
    variables.forEach(variable -> merged.putIfAbsent(variable.get("name"), variable));
    return List.copyOf(merged.values());
  }
}
