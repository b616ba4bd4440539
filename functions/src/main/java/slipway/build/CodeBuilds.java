package slipway.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Source;
import slipway.github.Builds;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;

/** Builds by CodeBuild, in the stack's one project for images. */
public final class CodeBuilds implements Builds {
  /** Name of the variable that tells buildspec.yml when the commit was pushed, in ISO 8601. */
  private static final String PUSHED_AT = "PUSHED_AT";

  private static final Pattern PLAIN_TOKEN = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final CodeBuildClient codebuild;
  private final String project;
  private final Config.GitHub github;

  /**
   * @param github what the project clones if it is not told another repository
   */
  public CodeBuilds(CodeBuildClient codebuild, String project, Config.GitHub github) {
    this.codebuild = codebuild;
    this.project = project;
    this.github = github;
  }

  @Override
  public String start(
      Source source,
      List<Container.Built> images,
      String commit,
      Optional<Instant> pushed,
      String token) {
    var variables = new ArrayList<EnvironmentVariable>();
    variables.add(variable(BuildReport.COMMIT, commit));
    pushed.ifPresent(at -> variables.add(variable(PUSHED_AT, at.toString())));
    return start(source, images, commit, variables, token);
  }

  /**
   * Starts a build of whatever the branch is at; its {@code COMMIT} is then for the build to find.
   *
   * @see #start(Source, List, String, Optional, String)
   */
  public String startAtHead(Source source, List<Container.Built> images, String token) {
    return start(source, images, source.branch(), List.of(), token);
  }

  private String start(
      Source source,
      List<Container.Built> images,
      String version,
      List<EnvironmentVariable> more,
      String token) {
    var variables = new ArrayList<EnvironmentVariable>();
    variables.add(variable(Image.VARIABLE, Image.write(images)));
    variables.add(variable(BuildReport.BRANCH, source.branch()));
    variables.addAll(more);
    return codebuild
        .startBuild(
            r ->
                r.projectName(project)
                    .sourceLocationOverride(location(source).orElse(null))
                    .sourceVersion(version)
                    .idempotencyToken(token(token))
                    .environmentVariablesOverride(variables))
        .build()
        .id();
  }

  /** Where to clone from, if not from where the project says; its credentials stay the same. */
  private Optional<String> location(Source source) {
    return source.isOf(github.repository())
        ? Optional.empty()
        : Optional.of(
            "%s/%s.git"
                .formatted(github.web().toString().replaceAll("/+$", ""), source.repository()));
  }

  private static EnvironmentVariable variable(String name, String value) {
    return EnvironmentVariable.builder().name(name).value(value).type("PLAINTEXT").build();
  }

  /** A GUID goes as it is; what CodeBuild might not take goes as its hash. */
  private static String token(String token) {
    if (PLAIN_TOKEN.matcher(token).matches()) return token;
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
    }
  }
}
