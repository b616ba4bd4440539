package slipway.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import slipway.config.Container;
import slipway.github.Builds;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;

/** Builds by CodeBuild, in the stack's one project for images. */
public final class CodeBuilds implements Builds {
  private static final Pattern PLAIN_TOKEN = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final CodeBuildClient codebuild;
  private final String project;

  public CodeBuilds(CodeBuildClient codebuild, String project) {
    this.codebuild = codebuild;
    this.project = project;
  }

  @Override
  public String start(List<Container.Built> images, String commit, String token) {
    return start(images, commit, Optional.of(commit), token);
  }

  /**
   * Starts a build of whatever the branch is at; its {@code COMMIT} is then for the build to find.
   *
   * @see #start(List, String, String)
   */
  public String startAtHead(List<Container.Built> images, String branch, String token) {
    return start(images, branch, Optional.empty(), token);
  }

  private String start(
      List<Container.Built> images, String version, Optional<String> commit, String token) {
    var variables = new ArrayList<EnvironmentVariable>();
    variables.add(variable(Image.VARIABLE, Image.write(images)));
    commit.ifPresent(sha -> variables.add(variable(BuildReport.COMMIT, sha)));
    return codebuild
        .startBuild(
            r ->
                r.projectName(project)
                    .sourceVersion(version)
                    .idempotencyToken(token(token))
                    .environmentVariablesOverride(variables))
        .build()
        .id();
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
