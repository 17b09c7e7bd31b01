// The pages of Web/, embedded in the binary.
#pragma once
