import { quote } from '../../../host/index.ts';
import type { Image } from '../../../image/index.ts';
import { scriptPath } from '../files.ts';
import type { Step } from '../script.ts';

/** The scripts of image.json, a step each. They learn from the environment which image they are in. */
export function scriptSteps({ scripts, name, release, arch }: Image): Step[] {
  return scripts.map((script, index) => ({
    name: `script-${index + 1}`,
    title: `running ${script.path}`,
    script: `export IMAGE_NAME=${quote(name)} IMAGE_RELEASE=${release} IMAGE_ARCH=${arch}
script="$stage"/${quote(scriptPath(script, index))}
case $(head -n 1 "$script") in
  '#!'*) "$script" ;;
  *) sh "$script" ;;
esac`,
  }));
}
