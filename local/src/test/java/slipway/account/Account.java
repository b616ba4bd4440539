package slipway.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import slipway.json.Json;
import slipway.local.Checkout;
import software.amazon.awssdk.auth.credentials.ProcessCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ResourceNotFoundException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/**
 * A Slipway of its own in an AWS account, deployed as the README says and taken away again, with
 * all that a stack leaves on purpose.
 */
final class Account implements Installation, AutoCloseable {
  private static final URI GITHUB = URI.create("https://github.com");
  private static final URI GITHUB_API = URI.create("https://api.github.com");

  /**
   * Whose account, and whose fork.
   *
   * @param profile of the AWS CLI, signed in
   * @param region such as {@code eu-central-1}
   * @param token of GitHub
   * @param infra folder of the CDK app
   * @param cdk version of the CDK's CLI
   */
  record Settings(
      String profile, String region, String repository, String token, Path infra, String cdk) {

    /** As Maven tells them; says which one is missing. */
    static Settings fromMaven() {
      return new Settings(
          want("account.profile", "the AWS CLI's profile that is signed in to the account"),
          want("account.region", "the Region to deploy to"),
          want("account.repository", "owner and name of your fork"),
          wantToken(),
          Path.of(System.getProperty("slipway.sources")).resolve("infra").toAbsolutePath(),
          System.getProperty("slipway.cdk.cli"));
    }

    private static String want(String name, String what) {
      var value = System.getProperty(name, "");
      if (value.isBlank())
        throw new IllegalStateException("-D%s is missing: want %s".formatted(name, what));
      return value;
    }

    private static String wantToken() {
      var token = System.getenv("GITHUB_TOKEN");
      if (token == null || token.isBlank())
        throw new IllegalStateException(
            "GITHUB_TOKEN is not in the environment: want a token that may write contents, commit"
                + " statuses, deployments and webhooks of the fork");
      return token;
    }

    @Override
    public String toString() {
      return "Settings[" + profile + ", " + region + ", " + repository + "]";
    }
  }

  private final Settings settings;
  private final AccountConfig config;
  private final ProcessCredentialsProvider credentials;
  private final GitHubFork fork;

  /** What is to be taken away, the last thing first. */
  private final Deque<Undo> undo = new ArrayDeque<>();

  private Checkout checkout;
  private Map<String, String> outputs;

  private record Undo(String what, Runnable how) {}

  private Account(Settings settings) {
    this.settings = settings;
    config =
        new AccountConfig(
            HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt()),
            settings.repository());
    credentials =
        ProcessCredentialsProvider.builder()
            .command(
                List.of(
                    "aws",
                    "configure",
                    "export-credentials",
                    "--profile",
                    settings.profile(),
                    "--format",
                    "process"))
            .build();
    fork = new GitHubFork(GITHUB_API, settings.repository(), settings.token());
  }

  /** Deploys; takes everything away again if that fails. */
  static Account deploy(Settings settings) {
    var account = new Account(settings);
    try {
      account.deploy();
      return account;
    } catch (RuntimeException e) {
      account.close();
      throw e;
    }
  }

  private void deploy() {
    checkout = fork.branchOff(GITHUB, config.branch());
    undo("the clone", checkout::close);
    undo("branch " + config.branch(), () -> fork.removeBranch(config.branch()));
    keepToken();
    var folder = folder();
    var file = write(folder.resolve("slipway.yaml"), config.yaml());
    var told = folder.resolve("outputs.json");
    undo("stack " + config.stack(), () -> destroy(file));
    undo("the SLOs", this::deleteSlos);
    cdk(file, "deploy", "--require-approval", "never", "--outputs-file", told.toString());
    outputs = new LinkedHashMap<>();
    Json.parse(read(told))
        .at(config.stack())
        .members()
        .forEach((name, value) -> outputs.put(name, value.text()));
    var hook = fork.addWebhook(outputs.get("WebhookUrl"), webhookSecret());
    undo("the webhook", () -> fork.removeWebhook(hook));
  }

  private void keepToken() {
    try (var secrets = client(SecretsManagerClient.builder())) {
      secrets.createSecret(
          create ->
              create
                  .name(config.tokenSecret())
                  .secretString(
                      Json.write(
                          Map.of(
                              "ServerType", "GITHUB",
                              "AuthType", "PERSONAL_ACCESS_TOKEN",
                              "Token", settings.token())))
                  .tags(
                      tag("codebuild:source", ""),
                      tag("codebuild:source:type", "personal_access_token"),
                      tag("codebuild:source:provider", "github")));
    }
    undo(
        "secret " + config.tokenSecret(),
        () -> {
          try (var secrets = client(SecretsManagerClient.builder())) {
            secrets.deleteSecret(
                delete -> delete.secretId(config.tokenSecret()).forceDeleteWithoutRecovery(true));
          }
        });
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private String webhookSecret() {
    try (var secrets = client(SecretsManagerClient.builder())) {
      return secrets
          .getSecretValue(get -> get.secretId(outputs.get("WebhookSecretArn")))
          .secretString();
    }
  }

  /** With the buckets that a stack leaves. */
  private void destroy(Path file) {
    var buckets = buckets();
    cdk(file, "destroy", "--force");
    try (var s3 = client(S3Client.builder())) {
      for (var bucket : buckets) {
        for (var page : s3.listObjectsV2Paginator(list -> list.bucket(bucket))) {
          var keys =
              page.contents().stream()
                  .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                  .toList();
          if (!keys.isEmpty())
            s3.deleteObjects(delete -> delete.bucket(bucket).delete(d -> d.objects(keys)));
        }
        s3.deleteBucket(delete -> delete.bucket(bucket));
      }
    }
  }

  private List<String> buckets() {
    try (var formation = client(CloudFormationClient.builder())) {
      return formation
          .listStackResourcesPaginator(list -> list.stackName(config.stack()))
          .stackResourceSummaries()
          .stream()
          .filter(resource -> resource.resourceType().equals("AWS::S3::Bucket"))
          .map(resource -> resource.physicalResourceId())
          .toList();
    }
  }

  private void deleteSlos() {
    try (var signals = client(ApplicationSignalsClient.builder())) {
      for (var name : config.slos())
        try {
          signals.deleteServiceLevelObjective(delete -> delete.id(name));
        } catch (ResourceNotFoundException _) {
          // The run ended before it was made.
        }
    }
  }

  private void cdk(Path file, String... arguments) {
    var command =
        Stream.concat(
                Stream.of("npx", "--yes", "aws-cdk@" + settings.cdk()), Arrays.stream(arguments))
            .toList();
    var builder = new ProcessBuilder(command).directory(settings.infra().toFile()).inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "SLIPWAY_YAML", file.toString(),
                "AWS_PROFILE", settings.profile(),
                "AWS_REGION", settings.region()));
    try {
      var status = builder.start().waitFor();
      if (status != 0)
        throw new IllegalStateException(
            "%s ended with %d: see above".formatted(String.join(" ", command), status));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run npx: is Node installed?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the CDK works", e);
    }
  }

  private void undo(String what, Runnable how) {
    undo.push(new Undo(what, how));
  }

  private Path folder() {
    try {
      return Files.createTempDirectory("slipway-account-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in java.io.tmpdir", e);
    }
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(B builder) {
    return builder.region(Region.of(settings.region())).credentialsProvider(credentials).build();
  }

  @Override
  public Map<String, String> outputs() {
    return Map.copyOf(outputs);
  }

  @Override
  public String stack() {
    return config.stack();
  }

  @Override
  public String service() {
    return config.service();
  }

  @Override
  public Set<String> slos() {
    return config.slos();
  }

  @Override
  public URI gitHubApi() {
    return GITHUB_API;
  }

  @Override
  public String gitHubToken() {
    return settings.token();
  }

  @Override
  public String repository() {
    return settings.repository();
  }

  @Override
  public String branch() {
    return config.branch();
  }

  @Override
  public Checkout checkout() {
    return checkout;
  }

  /** Application Signals takes up to ten minutes to discover a service, ECS some to go back. */
  @Override
  public Patience patience() {
    return new Patience(Duration.ofMinutes(25), Duration.ofSeconds(10));
  }

  /** Takes everything away; goes on where something fails, and then says what is left. */
  @Override
  public void close() {
    RuntimeException left = null;
    while (!undo.isEmpty()) {
      var next = undo.pop();
      try {
        next.how().run();
      } catch (RuntimeException e) {
        var failure = new IllegalStateException(next.what() + " is left: take it away by hand", e);
        if (left == null) left = failure;
        else left.addSuppressed(failure);
      }
    }
    fork.close();
    credentials.close();
    if (left != null) throw left;
  }
}
