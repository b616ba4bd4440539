package slipway.local.secrets;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import slipway.json.Json;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.FrontDoor;
import slipway.local.cloud.Place;
import slipway.local.stack.Change;
import slipway.local.stack.Properties;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** Secrets, in memory; a new value keeps the old one as {@code AWSPREVIOUS}. */
public final class Secrets implements AwsService, Provisioner {
  private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private final SecureRandom random = new SecureRandom();
  private final String stack;
  private final Map<String, Secret> secrets = new ConcurrentHashMap<>();

  private record Version(String id, String value, Instant created) {}

  private record Secret(String name, String arn, Version current, Optional<Version> previous) {
    @Override
    public String toString() {
      return arn;
    }
  }

  public Secrets(String stack) {
    this.stack = stack;
  }

  @Override
  public String name() {
    return "secretsmanager";
  }

  /** Sets a secret, as a user does beside the stack; returns its ARN. */
  public String put(String name, String value) {
    var version = new Version(UUID.randomUUID().toString(), value, Instant.now());
    return secrets
        .compute(
            name,
            (_, old) ->
                old == null
                    ? new Secret(
                        name,
                        Place.arn("secretsmanager", "secret:" + name + "-" + suffix()),
                        version,
                        Optional.empty())
                    : new Secret(name, old.arn(), version, Optional.of(old.current())))
        .arn();
  }

  /** The current value, by name or ARN; for the operator. */
  public String value(String id) {
    return find(id).current().value();
  }

  private Secret find(String id) {
    return secrets.values().stream()
        .filter(
            secret ->
                id.equals(secret.name())
                    || id.equals(secret.arn())
                    // An ARN without the six random characters names the secret too.
                    || secret.arn().substring(0, secret.arn().length() - 7).equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new AwsError(
                    400,
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret: " + id));
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var id = call.json().at("SecretId").optionalText().orElse("*");
    var resource =
        id.equals("*")
            ? id
            : secrets.values().stream()
                .filter(s -> id.equals(s.name()) || s.arn().startsWith(id))
                .map(Secret::arn)
                .findFirst()
                .orElse(
                    id.startsWith("arn:")
                        ? id
                        : Place.arn("secretsmanager", "secret:" + id + "-XXXXXX"));
    return List.of(new Permission("secretsmanager:" + call.operation(), resource));
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    var json = call.json();
    return switch (call.operation()) {
      case "GetSecretValue" -> value(json);
      case "DescribeSecret" -> {
        var secret = find(json.at("SecretId").text());
        yield AwsAnswer.json(Map.of("ARN", secret.arn(), "Name", secret.name()));
      }
      case "PutSecretValue" -> {
        var secret = find(json.at("SecretId").text());
        put(secret.name(), json.at("SecretString").text());
        var now = find(secret.name());
        yield AwsAnswer.json(
            Map.of("ARN", now.arn(), "Name", now.name(), "VersionId", now.current().id()));
      }
      default -> throw FrontDoor.notPlayed(call);
    };
  }

  private AwsAnswer value(Json json) {
    var secret = find(json.at("SecretId").text());
    var stage = json.at("VersionStage").optionalText().orElse("AWSCURRENT");
    var version =
        switch (stage) {
          case "AWSCURRENT" -> Optional.of(secret.current());
          case "AWSPREVIOUS" -> secret.previous();
          default -> Optional.<Version>empty();
        };
    var found =
        version.orElseThrow(
            () ->
                new AwsError(
                    400,
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for staging label: "
                        + stage));
    var answer = new LinkedHashMap<String, Object>();
    answer.put("ARN", secret.arn());
    answer.put("Name", secret.name());
    answer.put("VersionId", found.id());
    answer.put("SecretString", found.value());
    answer.put("VersionStages", List.of(stage));
    answer.put("CreatedDate", found.created().toEpochMilli() / 1000.0);
    return AwsAnswer.json(answer);
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::SecretsManager::Secret");
  }

  @Override
  public Made make(Resource resource) {
    var name =
        resource
            .properties()
            .at("Name")
            .optionalText()
            .orElseGet(() -> resource.id() + "-" + suffix() + stack);
    var arn = put(name, declared(resource.properties()));
    return new Made(arn, Map.of("Id", arn));
  }

  /** Another way to make the value makes another value; all else only describes it. */
  @Override
  public Made update(Change change) {
    var differing = change.differing();
    if (differing.contains("GenerateSecretString") || differing.contains("SecretString"))
      put(find(change.made().ref()).name(), declared(change.properties()));
    return change.made();
  }

  /** At once, as CloudFormation deletes secrets: without a time to recover it. */
  @Override
  public void delete(Resource resource, Made made) {
    secrets.values().removeIf(secret -> secret.arn().equals(made.ref()));
  }

  @Override
  public List<String> existing() {
    return secrets.values().stream().map(Secret::arn).toList();
  }

  private String declared(Json properties) {
    var generate = properties.at("GenerateSecretString");
    return generate.missing()
        ? properties.at("SecretString").optionalText().orElse("")
        : generated(generate);
  }

  private String generated(Json generate) {
    var alphabet = LETTERS;
    if (!Properties.flag(generate.at("ExcludePunctuation"), false)) alphabet += PUNCTUATION;
    var excluded = generate.at("ExcludeCharacters").optionalText().orElse("");
    var allowed =
        alphabet
            .chars()
            .filter(c -> excluded.indexOf(c) < 0)
            .mapToObj(c -> String.valueOf((char) c))
            .toList();
    var length = Properties.integer(generate.at("PasswordLength"), 32);
    var password =
        random.ints(length, 0, allowed.size()).mapToObj(allowed::get).collect(Collectors.joining());
    var key = generate.at("GenerateStringKey").optionalText();
    if (key.isEmpty()) return password;
    var tree = new LinkedHashMap<String, Object>();
    Json.parse(generate.at("SecretStringTemplate").optionalText().orElse("{}"))
        .members()
        .forEach((name, value) -> tree.put(name, value.value()));
    tree.put(key.get(), password);
    return Json.write(tree);
  }

  private String suffix() {
    return random
        .ints(6, 0, LETTERS.length())
        .mapToObj(i -> String.valueOf(LETTERS.charAt(i)))
        .collect(Collectors.joining());
  }
}
